import type { ByteString } from '../language/bytes.ts'

/** `t:length`: the number of bytes, in decimal digits. */
export function length(input: ByteString): ByteString {
  return String(input.length) as ByteString
}
