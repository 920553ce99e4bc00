/** What C's `isspace` calls white space, tab to carriage return and space, with the no-break space of latin1. */
export const isWhitespace: Uint8Array = tableOf('\t\n\v\f\r \xa0')

/** What C's `isspace` calls white space in the C locale. */
export const isSpace: Uint8Array = tableOf('\t\n\v\f\r ')

/** The value of a hexadecimal digit by its byte; -1 for every other byte. */
export const hexDigit: Int8Array = Int8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? -1 : value
})

/** A table by byte with 1 for each byte of `bytes`. */
export function tableOf(bytes: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of bytes) table[byte.charCodeAt(0)] = 1
  return table
}

/** The number that `digits` hexadecimal digits from `start` on write, or -1 where one of them is none or is missing. */
export function hexNumberAt(input: string, start: number, digits: number): number {
  // Past the end charCodeAt is NaN, and a typed array answers undefined at NaN.
  let number = 0
  for (let index = start; index < start + digits; index += 1) {
    const digit = hexDigit[input.charCodeAt(index)] ?? -1
    if (digit < 0) return -1
    number = number * 16 + digit
  }
  return number
}
