/**
 * Names what a ciphertext belongs to, so that it can be read nowhere else: the parts, each as UTF-8 behind its length in
 * four bytes, so that no two lists of parts have the same bytes.
 */
export function associatedData(...parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
