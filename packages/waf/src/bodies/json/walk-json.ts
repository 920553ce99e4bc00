import type { ByteString } from '../../language/bytes.ts'
import { isBlank } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import { unescapeJson } from './unescape-json.ts'

/**
 * Is told each value of a document that is no object and no array, in order: its path, and its text without quotes and
 * escapes. Ends the walk by returning an error.
 */
export type JsonVisitor = (name: ByteString, value: ByteString) => string | undefined

/**
 * Walks one JSON text (RFC 8259) without building it. Paths are the root's name and the keys and indices to the value,
 * joined by dots. Every value of a repeated key is told. `null` is the empty value, and so are an empty object and an
 * empty array, whose keys would go unseen otherwise; any other array's value, behind its elements, is how many they are, so that
 * rules see its key as it stands.
 *
 * Takes time linear in the text, and memory in its depth.
 *
 * @returns what is wrong with the text and at which byte, or `undefined`
 */
export function walkJson(
  text: ByteString,
  root: ByteString,
  limits: BodyLimits,
  visit: JsonVisitor,
): string | undefined {
  return new JsonWalk(text, limits, visit).run(root)
}

class JsonWalk {
  readonly #text: ByteString
  readonly #limits: BodyLimits
  readonly #visit: JsonVisitor
  #at = 0
  /** The path of each open object and array, and what paths below it begin with. */
  readonly #paths: ByteString[] = []
  readonly #prefixes: string[] = []
  /** The next index in each open array, and -1 for an object. */
  readonly #indices: number[] = []
  /** Whether nothing is in the innermost one yet. */
  #isFresh = false

  constructor(text: ByteString, limits: BodyLimits, visit: JsonVisitor) {
    this.#text = text
    this.#limits = limits
    this.#visit = visit
  }

  run(root: ByteString): string | undefined {
    let error = this.#readValue(root)
    while (error === undefined && this.#paths.length > 0) error = this.#readMember()
    if (error !== undefined) return error
    this.#skipBlanks()
    return this.#at < this.#text.length ? this.#mistake() : undefined
  }

  #readMember(): string | undefined {
    const top = this.#paths.length - 1
    const index = this.#indices[top] as number
    this.#skipBlanks()
    if (this.#text.charCodeAt(this.#at) === (index === -1 ? closingBrace : closingBracket)) {
      return this.#close(index)
    }
    if (!this.#isFresh && !this.#take(comma)) return this.#mistake()
    this.#isFresh = false
    const prefix = this.#prefixes[top] as string
    if (index === -1) return this.#readKeyAndValue(prefix)
    this.#indices[top] = index + 1
    return this.#readChild(prefix, String(index))
  }

  #close(index: number): string | undefined {
    this.#at += 1
    const path = this.#paths.pop() as ByteString
    this.#prefixes.pop()
    this.#indices.pop()
    const wasEmpty = this.#isFresh
    this.#isFresh = false
    if (this.#paths.length === 0) return undefined
    if (wasEmpty) return this.#visit(path, empty)
    return index === -1 ? undefined : this.#visit(path, String(index) as ByteString)
  }

  #readKeyAndValue(prefix: string): string | undefined {
    this.#skipBlanks()
    if (this.#text.charCodeAt(this.#at) !== quote) return this.#mistake()
    const key = this.#readString()
    if (key === undefined) return this.#mistake()
    this.#skipBlanks()
    return this.#take(colon) ? this.#readChild(prefix, key) : this.#mistake()
  }

  #readChild(prefix: string, key: string): string | undefined {
    // Every value below a key repeats it in its path: without a limit, few bytes make many names of great length.
    if (prefix.length + key.length > this.#limits.nameBytes) {
      return `a path longer than ${this.#limits.nameBytes} bytes`
    }
    return this.#readValue((prefix + key) as ByteString)
  }

  #readValue(path: ByteString): string | undefined {
    this.#skipBlanks()
    const first = this.#text.charCodeAt(this.#at)
    if (first === quote) {
      const value = this.#readString()
      return value === undefined ? this.#mistake() : this.#visit(path, value)
    }
    if (first === openingBrace) return this.#open(path, -1)
    if (first === openingBracket) return this.#open(path, 0)
    if (first === minus || (first >= digit0 && first <= digit9)) return this.#readNumber(path)
    return this.#readWord(path)
  }

  #open(path: ByteString, index: number): string | undefined {
    if (this.#paths.length >= this.#limits.depth) return `more than ${this.#limits.depth} levels`
    this.#at += 1
    this.#paths.push(path)
    this.#prefixes.push(`${path}.`)
    this.#indices.push(index)
    this.#isFresh = true
    return undefined
  }

  #readNumber(path: ByteString): string | undefined {
    number.lastIndex = this.#at
    if (!number.test(this.#text)) return this.#mistake()
    const start = this.#at
    this.#at = number.lastIndex
    return this.#visit(path, this.#text.slice(start, this.#at) as ByteString)
  }

  #readWord(path: ByteString): string | undefined {
    for (const word of words) {
      if (!this.#text.startsWith(word, this.#at)) continue
      this.#at += word.length
      return this.#visit(path, word === 'null' ? empty : (word as ByteString))
    }
    return this.#mistake()
  }

  /** The string at the position, which stands on its opening quote; `undefined` with the position at the mistake. */
  #readString(): ByteString | undefined {
    const start = this.#at + 1
    let isEscaped = false
    for (let at = start; ; at += 1) {
      const byte = this.#text.charCodeAt(at)
      if (byte === quote) {
        this.#at = at + 1
        const content = this.#text.slice(start, at) as ByteString
        return isEscaped ? unescapeJson(content) : content
      }
      // Also where the text ends: NaN is not greater than anything.
      if (!(byte >= 0x20)) {
        this.#at = at
        return undefined
      }
      if (byte === backslash) {
        isEscaped = true
        escape.lastIndex = at
        if (!escape.test(this.#text)) {
          this.#at = Math.min(at + 1, this.#text.length)
          return undefined
        }
        at = escape.lastIndex - 1
      }
    }
  }

  #take(byte: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== byte) return false
    this.#at += 1
    return true
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1
  }

  #mistake(): string {
    return this.#at >= this.#text.length ? 'JSON that ends too early' : `no JSON at byte ${this.#at}`
  }
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const minus = 0x2d
const digit0 = 0x30
const digit9 = 0x39
const openingBrace = 0x7b
const closingBrace = 0x7d
const openingBracket = 0x5b
const closingBracket = 0x5d
const empty = '' as ByteString
const words = ['true', 'false', 'null'] as const
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
