import type { ByteString } from '../language/bytes.ts'
import { hexDigit } from './byte-tables.ts'
import { scratch, written } from './scratch.ts'

/** The names browsers read without a semicolon too, in any letter case here because servers are lax about it. */
const lax: ReadonlyMap<string, number> = new Map([
  ['quot', 0x22],
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['nbsp', 0xa0],
])

/** The names of HTML (13.5) for ASCII characters, which browsers read only with their semicolon and letter case. */
const strict: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Tab: '\t',
    NewLine: '\n',
    excl: '!',
    num: '#',
    dollar: '$',
    percnt: '%',
    apos: "'",
    lpar: '(',
    rpar: ')',
    ast: '*',
    midast: '*',
    plus: '+',
    comma: ',',
    period: '.',
    sol: '/',
    colon: ':',
    semi: ';',
    equals: '=',
    quest: '?',
    commat: '@',
    lsqb: '[',
    lbrack: '[',
    bsol: '\\',
    rsqb: ']',
    rbrack: ']',
    Hat: '^',
    lowbar: '_',
    grave: '`',
    lcub: '{',
    lbrace: '{',
    verbar: '|',
    vert: '|',
    rcub: '}',
    rbrace: '}',
  }).map(([name, character]) => [name, character.charCodeAt(0)]),
)

const longestName = 6
const ampersand = 0x26
const semicolon = 0x3b

// The two answers of the readers below; module state instead of an object a call, since nothing runs in between.
let entityByte = 0
let entityEnd = 0

/** `t:htmlEntityDecode`: `&#60;`, `&#x3c;`, `&lt;` with or without semicolon become one byte (the lower one of large numbers). */
export function htmlEntityDecode(input: ByteString): ByteString {
  if (!input.includes('&')) return input
  const output = scratch(input.length)
  let length = 0
  let index = 0
  let changed = false
  while (index < input.length) {
    if (input.charCodeAt(index) === ampersand && readEntity(input, index + 1)) {
      output[length] = entityByte
      index = entityEnd
      changed = true
    } else {
      output[length] = input.charCodeAt(index)
      index += 1
    }
    length += 1
  }
  return changed ? written(output, length) : input
}

function readEntity(input: ByteString, start: number): boolean {
  return input.charCodeAt(start) === 0x23 ? readNumber(input, start + 1) : readName(input, start)
}

function readNumber(input: ByteString, start: number): boolean {
  const isHex = (input.charCodeAt(start) | 0x20) === 0x78
  const base = isHex ? 16 : 10
  const first = isHex ? start + 1 : start
  let index = first
  let number = 0
  for (;;) {
    const digit = hexDigit[input.charCodeAt(index)] ?? -1
    if (digit < 0 || digit >= base) break
    // Only the lower byte is kept, so that any number of digits fits.
    number = (number * base + digit) & 0xffffff
    index += 1
  }
  if (index === first) return false
  entityByte = number & 0xff
  entityEnd = input.charCodeAt(index) === semicolon ? index + 1 : index
  return true
}

function readName(input: ByteString, start: number): boolean {
  let end = start
  const limit = Math.min(input.length, start + longestName + 2)
  while (end < limit && isLetter(input.charCodeAt(end))) end += 1
  if (end === start) return false
  const name = input.slice(start, end)
  const hasSemicolon = input.charCodeAt(end) === semicolon
  const byte = lax.get(name.toLowerCase()) ?? (hasSemicolon ? strict.get(name) : undefined)
  if (byte === undefined) return false
  entityByte = byte
  entityEnd = hasSemicolon ? end + 1 : end
  return true
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}
