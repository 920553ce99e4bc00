const foldable = /[\xc2\xca\xe2\xef]/

// A sequence of UTF-8 bytes that databases and application frameworks replace with the ASCII character that looks
// most like it ("best fit"), so that an attack written in it becomes one after the gateway has read it.
const lookalikes =
  /\xc2\xa0|\xca[\xb9\xbc]|\xe2\x80[\x98\x99\xb2\xa8\xa9]|\xe2\x88\x95|\xef\xb9[\xa4\xa5]|\xef\xbc[\x81-\xbf]|\xef\xbd[\x80-\x9e]/g

const replacements: Readonly<Record<string, string>> = {
  '\xc2\xa0': ' ',
  '\xca\xb9': "'",
  '\xca\xbc': "'",
  '\xe2\x80\x98': "'",
  '\xe2\x80\x99': "'",
  '\xe2\x80\xb2': "'",
  '\xe2\x80\xa8': '\n',
  '\xe2\x80\xa9': '\n',
  '\xe2\x88\x95': '/',
  '\xef\xb9\xa4': '<',
  '\xef\xb9\xa5': '>',
}

/** The value with every character that best-fit conversions turn into ASCII already turned: `＇` is `'`, `＜` is `<`. */
export function withPlainCharacters(value: string): string {
  return foldable.test(value) ? value.replace(lookalikes, plainCharacter) : value
}

function plainCharacter(bytes: string): string {
  return replacements[bytes] ?? fullWidthCharacter(bytes)
}

function fullWidthCharacter(bytes: string): string {
  const second = bytes.charCodeAt(1)
  const third = bytes.charCodeAt(2)
  // U+FF01 to U+FF5E are the ASCII characters from 0x21 in their order; U+FF01 is EF BC 81.
  return String.fromCharCode((second - 0xbc) * 0x40 + third - 0x81 + 0x21)
}
