/** The CRC-32C (Castagnoli, RFC 3720 appendix B.4) of bytes, which record batches are checked by. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1
  for (let index = 0; index < bytes.length; index++)
    crc = (table[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}

const reflectedPolynomial = 0x82f6_3b78

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reflectedPolynomial : crc >>> 1
  return crc
})
