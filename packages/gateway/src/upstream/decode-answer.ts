import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { Fault } from '@gateward/kernel'
import type { HeaderList } from '../exchange/header-list.ts'

/**
 * Takes the content codings off a whole answer (RFC 9110 section 8.4), `Content-Encoding` and `Content-Length` with
 * them. Rejects with a `Fault` where a coding is unknown, the bytes are not in it, or they would grow past `max` or 500-fold.
 */
export async function decodeAnswer(headers: HeaderList, bytes: Buffer, max: number): Promise<Buffer> {
  const codings = (headers.getJoined('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length > maximumCodings) throw undecodable(`it has ${codings.length} codings`)
  const room = Math.min(max, Math.max(smallAnswer, bytes.length * maximumRatio))
  let decoded = bytes
  for (const coding of codings.toReversed()) decoded = await decode(coding, decoded, room)
  if (decoded.length > max) throw undecodable('it is larger than may be held whole')
  headers.delete('content-encoding')
  headers.delete('content-length')
  return decoded
}

async function decode(coding: string, bytes: Buffer, max: number): Promise<Buffer> {
  const decoder = decoders.get(coding)
  if (decoder === undefined) throw undecodable('its coding is not known')
  try {
    return await decoder(bytes, { maxOutputLength: max })
  } catch (thrown) {
    throw undecodable(`it is not ${coding}, or too large`, thrown)
  }
}

type Decoder = (bytes: Buffer, bounds: { readonly maxOutputLength: number }) => Promise<Buffer>

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)],
  ['x-gzip', promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)],
  ['deflate', inflateEither],
  ['br', promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress)],
  ['zstd', promisify<Buffer, { maxOutputLength: number }, Buffer>(zstdDecompress)],
])

const inflateZlib = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate)
const inflateBare = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw)

// `deflate` means the zlib format, and some services send it without its header (RFC 9110 section 8.4.1.2).
function inflateEither(bytes: Buffer, bounds: { readonly maxOutputLength: number }): Promise<Buffer> {
  const hasHeader = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return hasHeader ? inflateZlib(bytes, bounds) : inflateBare(bytes, bounds)
}

function undecodable(reason: string, cause?: unknown): Fault {
  return new Fault('RESPONSE_UNDECODABLE', `the answer cannot be decoded: ${reason}`, {
    source: 'upstream',
    cause,
  })
}

const maximumCodings = 2

/** How many times longer than what was sent an answer may become, and the bytes that each may become whatever it was. */
const maximumRatio = 500
const smallAnswer = 1_048_576
