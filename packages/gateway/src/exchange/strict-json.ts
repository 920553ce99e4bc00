import { isUtf8 } from 'node:buffer'
import { JsonScanner } from './json-scanner.ts'

/** Bounds on a JSON text; each is refused before a value is made. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects. */
  readonly maxDepth: number
  /** Most keys in the whole text. */
  readonly maxKeys: number
  /** Most array elements in the whole text. */
  readonly maxElements: number
  /** Longest string, in characters, and longest key. */
  readonly maxString: number
  /** Most characters of one number. */
  readonly maxNumber: number
  /** Whether duplicate and prototype-polluting keys are refused: always for requests. */
  readonly strict: boolean
}

export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown }
  /** `reason` says what and at which byte, and quotes nothing of the text. */
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads a JSON text (RFC 8259) that every other reader understands in the same way. Strictly: well-formed UTF-8
 * without a byte order mark, no duplicate keys, no `__proto__` and no `prototype` inside a `constructor`, no lone
 * surrogates, no number that a double cannot hold, and all bounds kept. Not strictly (the operator's own answers):
 * only the depth is bounded. Takes time linear in the text.
 */
export function readJson(bytes: Buffer, limits: JsonLimits): JsonReading {
  return limits.strict ? readStrictly(bytes, limits) : readLeniently(bytes, limits.maxDepth)
}

function readStrictly(bytes: Buffer, limits: JsonLimits): JsonReading {
  if (!isUtf8(bytes)) return refused('not UTF-8')
  if (startsWithByteOrderMark(bytes)) return refused('a byte order mark at byte 0')
  const fault = new JsonScanner(bytes, limits).scan()
  return fault === undefined ? parse(bytes.toString()) : refused(fault)
}

function readLeniently(bytes: Buffer, maxDepth: number): JsonReading {
  if (isDeeperThan(bytes, maxDepth)) return refused(`nested deeper than ${maxDepth}`)
  return parse(startsWithByteOrderMark(bytes) ? bytes.toString('utf8', 3) : bytes.toString())
}

function parse(text: string): JsonReading {
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'value', value }
  } catch {
    // The parser's own message quotes the text.
    return refused('not JSON')
  }
}

function refused(reason: string): JsonReading {
  return { kind: 'refused', reason }
}

function startsWithByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** Counts brackets outside of strings; what is not JSON at all may be counted wrongly, and is refused by the parser. */
function isDeeperThan(bytes: Buffer, maxDepth: number): boolean {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfString(bytes, at + 1)
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > maxDepth) return true
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
  return false
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
