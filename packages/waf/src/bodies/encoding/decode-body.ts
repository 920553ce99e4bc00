import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import { trimBlanks } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'

/** A body as it was before its `Content-Encoding`, or why it is not known. */
export type BodyDecoding =
  | { readonly kind: 'decoded'; readonly body: Buffer }
  | {
      readonly kind: 'failed'
      /** For `REQBODY_ERROR_MSG`: quotes nothing of the body. */
      readonly error: string
    }

/**
 * Undoes the content codings of a body (RFC 9110 section 8.4): gzip, deflate (with or without zlib's wrapping), br and
 * zstd, at most two, last applied first. Fails where the result would be longer than the limits, or longer than what was
 * sent by more than their ratio, without ever holding more than that; where the coding is unknown or broken; and where
 * bytes follow the compressed ones, which some decoders would read on.
 *
 * @param encoding the value of the `Content-Encoding` field, empty where there was none
 */
export function decodeBody(body: Buffer, encoding: string, limits: BodyLimits): BodyDecoding {
  if (encoding === '') return { kind: 'decoded', body }
  const codings = codingsOf(encoding)
  if (codings.length > maximumCodings) return failed(`more than ${maximumCodings} content codings`)
  const room = Math.max(1, Math.min(limits.decodedBytes, body.length * limits.decodedRatio))
  let decoded = body
  for (const coding of codings.reverse()) {
    const decode = decoders.get(coding)
    if (decode === undefined) return failed('an unknown content coding')
    if (decoded.length === 0) continue
    const next = decodeOnce(decode, decoded, room)
    if (typeof next === 'string') return failed(next)
    decoded = next
  }
  return { kind: 'decoded', body: decoded }
}

/** How a decoder tells what it made and how many bytes it took for it. */
interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

type Decoder = (body: Buffer, maxOutputLength: number) => Inflated

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', unbrotli],
  ['zstd', unzstd],
])

const maximumCodings = 2

function codingsOf(encoding: string): string[] {
  const names = encoding.toLowerCase().split(',', maximumCodings * 4)
  return names.map(trimBlanks).filter((name) => name !== '' && name !== 'identity')
}

function decodeOnce(decode: Decoder, body: Buffer, room: number): Buffer | string {
  try {
    const { buffer, engine } = decode(body, room)
    return engine.bytesWritten < body.length ? 'bytes behind the compressed body' : buffer
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? 'a compressed body that unfolds too far'
      : 'a broken compressed body'
  }
}

function gunzip(body: Buffer, maxOutputLength: number): Inflated {
  return inflated(gunzipSync(body, { maxOutputLength, info: true }))
}

function inflate(body: Buffer, maxOutputLength: number): Inflated {
  // RFC 1950 section 2.2: the wrapping begins with method 8 and a check sum. Some clients leave it away.
  const first = body[0] ?? 0
  const isWrapped = (first & 0x0f) === 8 && ((first << 8) | (body[1] ?? 0)) % 31 === 0
  const options = { maxOutputLength, info: true }
  return inflated(isWrapped ? inflateSync(body, options) : inflateRawSync(body, options))
}

function unbrotli(body: Buffer, maxOutputLength: number): Inflated {
  return inflated(brotliDecompressSync(body, { maxOutputLength, info: true }))
}

function unzstd(body: Buffer, maxOutputLength: number): Inflated {
  // A frame may ask for a window far longer than its content; 8 MiB is what RFC 9659 lets a coding of HTTP use.
  const params = { [constants.ZSTD_d_windowLogMax]: 23 }
  return inflated(zstdDecompressSync(body, { maxOutputLength, info: true, params }))
}

/** With `info`, Node's types still promise a buffer alone. */
function inflated(result: unknown): Inflated {
  return result as Inflated
}

function failed(error: string): BodyDecoding {
  return { kind: 'failed', error }
}
