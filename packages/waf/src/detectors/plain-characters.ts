const overlong = String.raw`[\xc0\xc1][\x80-\xbf]|\xe0[\x80\x81][\x80-\xbf]`
const fullWidth = String.raw`\xef\xbc[\x81-\xbf]|\xef\xbd[\x80-\x9e]`

/** Characters without a width, marks of direction and soft hyphens, which are not seen and in many places not kept. */
const invisible = String.raw`\xe2\x80[\x8b-\x8f\xaa-\xae]|\xef\xbb\xbf|\xc2\xad`

const mayBeWide = /[\xc0-\xc2\xe0\xe2\xef]/
const wide = new RegExp(`${overlong}|${fullWidth}|${invisible}`, 'g')

/**
 * The value with every character of ASCII in its plain form that was written in more bytes than it needs: overlong, which lax
 * decoders of UTF-8 take (RFC 3629 section 10), or as wide as an ideograph, which frameworks that normalize (NFKC) make narrow;
 * and without the characters that nobody sees.
 */
export function withNarrowCharacters(value: string): string {
  return mayBeWide.test(value) ? value.replace(wide, narrowCharacter) : value
}

function narrowCharacter(bytes: string): string {
  const lead = bytes.charCodeAt(0)
  if (lead === 0xe2 || lead === 0xc2 || bytes === '\xef\xbb\xbf') return ''
  return lead === 0xef ? fullWidthCharacter(bytes) : overlongCharacter(bytes)
}

/** The last two bytes have seven bits of it. */
function overlongCharacter(bytes: string): string {
  const lead = bytes.charCodeAt(bytes.length - 2)
  return String.fromCharCode(((lead & 1) << 6) | (bytes.charCodeAt(bytes.length - 1) & 0x3f))
}

function fullWidthCharacter(bytes: string): string {
  const second = bytes.charCodeAt(1)
  const third = bytes.charCodeAt(2)
  // U+FF01 to U+FF5E are the ASCII characters from 0x21 in their order; U+FF01 is EF BC 81.
  return String.fromCharCode((second - 0xbc) * 0x40 + third - 0x81 + 0x21)
}

const foldable = /[\xc0-\xc2\xca\xe0\xe2\xef]/

// Besides those, a sequence of UTF-8 bytes that databases and application frameworks replace with the ASCII character that looks
// most like it ("best fit"), so that an attack written in it becomes one after the gateway has read it.
const lookalikes = new RegExp(
  String.raw`${overlong}|${fullWidth}|\xc2\xa0|\xca[\xb9\xbc]|\xe2\x80[\x98\x99\xb2\xa8\xa9]|\xe2\x88\x95|\xef\xb9[\xa4\xa5]`,
  'g',
)

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
  return replacements[bytes] ?? narrowCharacter(bytes)
}
