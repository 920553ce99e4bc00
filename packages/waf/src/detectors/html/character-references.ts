const reference = /&(?:#[xX]0*([\dA-Fa-f]{1,6})|#0*(\d{1,7})|([A-Za-z]{2,14}));?/g

/** The named references that can spell a scheme, a call or a tag. */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  LT: '<',
  gt: '>',
  GT: '>',
  quot: '"',
  QUOT: '"',
  apos: "'",
  grave: '`',
  Tab: '\t',
  NewLine: '\n',
  colon: ':',
  semi: ';',
  lpar: '(',
  rpar: ')',
  lsqb: '[',
  rsqb: ']',
  sol: '/',
  bsol: '\\',
  period: '.',
  comma: ',',
  equals: '=',
  plus: '+',
  excl: '!',
  num: '#',
  percnt: '%',
  dollar: '$',
  nbsp: '\xa0',
  ZeroWidthSpace: '',
}

/** The text with its character references decoded, as in an attribute's value (HTML, 13.2.5.72); unknown names stay. */
export function decodeCharacterReferences(text: string): string {
  return text.includes('&') ? text.replace(reference, decodeReference) : text
}

function decodeReference(whole: string, hexadecimal?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return named[name] ?? whole
  const code =
    hexadecimal === undefined ? Number.parseInt(decimal ?? '0', 10) : Number.parseInt(hexadecimal, 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}
