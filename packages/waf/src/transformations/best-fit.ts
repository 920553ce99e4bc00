/**
 * Signs that programs turn into an ASCII sign when they squeeze Unicode into a smaller character set, and that Unicode's own
 * compatibility decomposition does not name.
 */
const lookalikes: ReadonlyMap<number, string> = new Map(
  Object.entries({
    "'": 'ʹʻʼʽˈˊ΄՚‘’‚‛′‵ꞌ＇',
    '"': 'ʺ˝ˮ“”„‟″‶〃〝〞',
    '`': 'ˋ‛｀',
    '<': '‹〈⟨〈《≪˂',
    '>': '›〉⟩〉》≫˃',
    '/': '∕⁄╱⧸',
    '\\': '∖╲⧵',
    '-': '‐‑‒–—―−⁃',
    '|': 'ǀ∣❘',
    ':': 'ː∶꞉',
    ';': ';',
    '*': '⁎∗⋆',
    '!': 'ǃ',
    '~': '˜∼〜',
    '^': 'ˆ⌃',
    '.': '․·‧⋅。｡',
    ',': '‚，、､',
    '=': '゠═',
    '+': '➕',
    '%': '٪',
    '(': '❨⦅',
    ')': '❩⦆',
    '[': '〚⟦',
    ']': '〛⟧',
    '{': '❴',
    '}': '❵',
    _: 'ˍ‗',
    ' ': '\u1680\u180e\u2028\u2029',
    // The letters without a decomposition that fold to ASCII in some databases and file systems.
    d: 'đ',
    D: 'Đ',
    h: 'ħ',
    H: 'Ħ',
    i: 'ı',
    l: 'ł',
    L: 'Ł',
    t: 'ŧ',
    T: 'Ŧ',
  }).flatMap(([ascii, signs]) => Array.from(signs, (sign) => [sign.codePointAt(0) ?? 0, ascii])),
)

/**
 * The ASCII character that a program which knows no better puts for a code point from U+0100 on (U+FF1C becomes `<`), or
 * undefined. What Unicode says by its compatibility decomposition (UAX #15, NFKD) comes first from a list of lookalikes.
 */
export function bestFit(codePoint: number): number | undefined {
  const lookalike = lookalikes.get(codePoint)
  if (lookalike !== undefined) return lookalike.charCodeAt(0)
  const decomposed = String.fromCodePoint(codePoint).normalize('NFKD')
  const first = decomposed.charCodeAt(0)
  // A lone accent decomposes into a space that carries it, and nobody reads that as a space.
  const isAccent = first === 0x20 && decomposed.length > 1
  return first < 0x80 && !isAccent ? first : undefined
}

// What was found out about a code point of the basic plane is kept: decomposing one takes a hundred times as long as a look here.
const unknown = -1
const fitted = new Int16Array(0x10000).fill(unknown)

/** The one byte that stands for a code point of the basic plane: itself below U+0100, its best fit, else its lower byte. */
export function fittedByte(codePoint: number): number {
  if (codePoint < 0x100) return codePoint
  const known = fitted[codePoint] ?? unknown
  if (known !== unknown) return known
  const byte = bestFit(codePoint) ?? codePoint & 0xff
  fitted[codePoint] = byte
  return byte
}
