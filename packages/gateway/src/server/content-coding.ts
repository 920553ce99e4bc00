import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { defineProblem, type Problem } from '@gateward/kernel'
import type { ContentCoding } from '../guards/protocol/settings.ts'

/** Whether a `Content-Encoding` is one that can be taken off; several at once cannot. */
export function isContentCoding(coding: string): coding is ContentCoding {
  return Object.hasOwn(decoders, coding)
}

/**
 * Takes a coding off a body, in a thread of the pool. The result may have `max` bytes and a hundred times the length of the
 * coded body (PAYLOAD_TOO_LARGE): more is a bomb. MALFORMED_BODY where the bytes are not of the coding.
 */
export function decodeBody(
  coding: ContentCoding,
  bytes: Buffer,
  max: number,
  done: (error: Problem | undefined, bytes: Buffer) => void,
): void {
  const maxOutputLength = Math.max(1, Math.min(max, bytes.length * maximumRatio))
  decoders[coding](bytes, { maxOutputLength }, (error, decoded) => {
    if (error === null) done(undefined, decoded)
    else done('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? bomb : malformed, Buffer.alloc(0))
  })
}

const maximumRatio = 100

type Decoder = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number },
  callback: (error: Error | null, decoded: Buffer) => void,
) => void

const decoders: Readonly<Record<ContentCoding, Decoder>> = {
  gzip: gunzip,
  deflate: inflate,
  br: brotliDecompress,
  zstd: zstdDecompress,
}

const bomb = defineProblem(
  'PAYLOAD_TOO_LARGE',
  'the decoded body is larger than accepted, or a hundred times the coded one',
)
const malformed = defineProblem('MALFORMED_BODY', 'the body is not in its Content-Encoding')
