import type { ByteString } from '../language/bytes.ts'

/** The byte that a backslash and this letter write in C and JavaScript: `n` a line feed; -1 where it is only the letter. */
export const controlEscape: Int8Array = Int8Array.from({ length: 256 }, (_, byte) => {
  const found = 'abtnvfr'.indexOf(String.fromCharCode(byte))
  return [0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d][found] ?? -1
})

/** How many octal digits stand at `start`, at most three. */
export function octalDigits(input: ByteString, start: number): number {
  let count = 0
  while (count < 3 && isOctal(input.charCodeAt(start + count))) count += 1
  return count
}

/** The number that `count` octal digits from `start` on write. */
export function octalNumber(input: ByteString, start: number, count: number): number {
  let number = 0
  for (let index = start; index < start + count; index += 1)
    number = number * 8 + input.charCodeAt(index) - 0x30
  return number
}

/** Full-width forms U+FF01 to U+FF5E fold to ASCII, every other code point to its lower byte. */
export function narrowByte(codePoint: number): number {
  const isFullWidth = codePoint >= 0xff01 && codePoint <= 0xff5e
  return isFullWidth ? codePoint - 0xfee0 : codePoint & 0xff
}

function isOctal(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x37
}
