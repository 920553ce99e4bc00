import { mapBytes } from './map-bytes.ts'

/** `t:parityEven7bit`: the eighth bit of each byte makes the number of its ones even. */
export const parityEven7bit = mapBytes((byte) => (byte & 0x7f) | (isOdd(byte & 0x7f) ? 0x80 : 0))

/** `t:parityOdd7bit`: the eighth bit of each byte makes the number of its ones odd. */
export const parityOdd7bit = mapBytes((byte) => (byte & 0x7f) | (isOdd(byte & 0x7f) ? 0 : 0x80))

/** `t:parityZero7bit`: the eighth bit of each byte is cleared. */
export const parityZero7bit = mapBytes((byte) => byte & 0x7f)

function isOdd(byte: number): boolean {
  let ones = 0
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1
  return ones % 2 === 1
}
