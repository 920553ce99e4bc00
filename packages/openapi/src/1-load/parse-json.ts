import type { ParsedText, TextMistake } from './parsed-text.ts'
import { maxDepth } from './parsed-text.ts'
import { PositionIndex } from './position-index.ts'

/**
 * Reads JSON (RFC 8259) in one pass into data and positions. A key that stands twice is a mistake at the second;
 * a syntax error ends the reading, and `value` is then `undefined`.
 */
export function parseJson(text: string): ParsedText {
  const reader = new JsonReader(text)
  try {
    return { value: reader.readWhole(), index: reader.index, mistakes: reader.mistakes }
  } catch (error) {
    if (!(error instanceof SyntaxMistake)) throw error
    const { message, offset } = error
    return { value: undefined, index: reader.index, mistakes: [{ code: 'syntax', message, offset }] }
  }
}

class SyntaxMistake extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const quote = 0x22
const backslash = 0x5c

class JsonReader {
  readonly index = new PositionIndex()
  readonly mistakes: TextMistake[] = []
  readonly #text: string
  readonly #known = new Map<string, string>()
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  readWhole(): unknown {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1
    this.#skipSpace()
    const value = this.#readValue('', this.#at, 0)
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the text')
    return value
  }

  #readValue(key: string, offset: number, depth: number): unknown {
    if (depth > maxDepth) throw new SyntaxMistake(`nested deeper than ${maxDepth} levels`, this.#at)
    const node = this.index.open(key, offset)
    const value = this.#readKind(depth)
    this.index.close(node)
    this.#skipSpace()
    return value
  }

  #readKind(depth: number): unknown {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readObject(depth)
      case '[':
        return this.#readArray(depth)
      case '"':
        return this.#readString()
      case 't':
        return this.#readWord('true', true)
      case 'f':
        return this.#readWord('false', false)
      case 'n':
        return this.#readWord('null', null)
      default:
        return this.#readNumber()
    }
  }

  #readObject(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.#skip()
    while (this.#text[this.#at] !== '}') {
      const offset = this.#at
      const key = this.#readKey()
      if (Object.hasOwn(object, key)) this.mistakes.push(duplicateKey(key, offset))
      define(object, key, this.#readValue(key, offset, depth + 1))
      if (!this.#separated('}')) break
    }
    this.#at++
    return object
  }

  #readArray(depth: number): unknown[] {
    const list: unknown[] = []
    this.#skip()
    while (this.#text[this.#at] !== ']') {
      list.push(this.#readValue(String(list.length), this.#at, depth + 1))
      if (!this.#separated(']')) break
    }
    this.#at++
    return list
  }

  /** Whether another member follows; a comma before the closing bracket is refused here. */
  #separated(closing: string): boolean {
    const found = this.#text[this.#at]
    if (found === closing) return false
    if (found !== ',') throw this.#unexpected(`"," or "${closing}"`)
    this.#skip()
    if (this.#text[this.#at] === closing) throw this.#unexpected('a value after ","')
    return true
  }

  #readKey(): string {
    if (this.#text.charCodeAt(this.#at) !== quote) throw this.#unexpected('a key in double quotes')
    const key = this.#readString()
    this.#skipSpace()
    if (this.#text[this.#at] !== ':') throw this.#unexpected('":"')
    this.#skip()
    return key
  }

  #readString(): string {
    const start = this.#at
    let escaped = false
    for (let at = start + 1; ; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === quote) {
        this.#at = at + 1
        return escaped ? this.#unescape(start) : this.#intern(this.#text.slice(start + 1, at))
      }
      if (code === backslash) {
        escaped = true
        at++
      } else if (!(code >= 0x20)) {
        throw new SyntaxMistake('a string is not closed on its line', start)
      }
    }
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string
    } catch {
      throw new SyntaxMistake('a string holds an escape that JSON does not know', start)
    }
  }

  /** One copy of every short string: documents repeat few words very often, and slices would keep the text alive. */
  #intern(text: string): string {
    if (text.length > 40) return text
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, text)
    return text
  }

  #readNumber(): number {
    numberPattern.lastIndex = this.#at
    const found = numberPattern.exec(this.#text)
    if (found === null) throw this.#unexpected('a value')
    this.#at += found[0].length
    return Number(found[0])
  }

  #readWord<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value')
    this.#at += word.length
    return value
  }

  #skip(): void {
    this.#at++
    this.#skipSpace()
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }

  #unexpected(expected: string): SyntaxMistake {
    const found = this.#text[this.#at]
    const read = found === undefined ? 'the text ends' : `read ${JSON.stringify(found)}`
    return new SyntaxMistake(`${read} where JSON needs ${expected}`, this.#at)
  }
}

/** `__proto__` becomes a member like any other instead of the object's prototype. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

function duplicateKey(key: string, offset: number): TextMistake {
  return {
    code: 'duplicate-key',
    message: `the key "${key}" stands twice in one object, and readers differ on which one counts`,
    fix: 'keep one of them',
    offset,
  }
}
