import { KeyRing } from './json-key-ring.ts'
import { isHugeNumber } from './json-number.ts'
import type { JsonLimits } from './strict-json.ts'

/**
 * Walks over a JSON text once and makes no value: checks the grammar of RFC 8259, the bounds, and that no key
 * comes twice in one object. Recursion is as deep as `maxDepth` allows and no deeper.
 */
export class JsonScanner {
  readonly #bytes: Buffer
  readonly #limits: JsonLimits
  readonly #keyRing: KeyRing
  #at = 0
  #depth = 0
  #keys = 0
  #elements = 0
  #escaped = false
  #fault: string | undefined

  constructor(bytes: Buffer, limits: JsonLimits) {
    this.#bytes = bytes
    this.#limits = limits
    this.#keyRing = new KeyRing(bytes)
  }

  /** What is wrong and at which byte, or `undefined`: the text is sound. */
  scan(): string | undefined {
    this.#skipSpace()
    if (this.#at === this.#bytes.length) return 'no JSON value'
    if (!this.#value(false)) return this.#fault
    this.#skipSpace()
    if (this.#at < this.#bytes.length) this.#refuse('more after the end of the value')
    return this.#fault
  }

  #value(isConstructor: boolean): boolean {
    const byte = this.#bytes[this.#at]
    if (byte === 0x22) return this.#string()
    if (byte === 0x7b) return this.#object(isConstructor)
    if (byte === 0x5b) return this.#array()
    if (byte === 0x74) return this.#literal('true')
    if (byte === 0x66) return this.#literal('false')
    if (byte === 0x6e) return this.#literal('null')
    return this.#number()
  }

  #object(isConstructor: boolean): boolean {
    if (!this.#enter()) return false
    const outerKeys = this.#keyRing.open()
    if (this.#bytes[this.#at] === 0x7d) return this.#leaveObject(outerKeys)
    for (;;) {
      if (!this.#member(isConstructor)) return false
      const byte = this.#bytes[this.#at]
      if (byte === 0x7d) return this.#leaveObject(outerKeys)
      if (byte !== 0x2c) return this.#refuse('expected , or }')
      this.#at++
      this.#skipSpace()
    }
  }

  #member(isConstructor: boolean): boolean {
    if (++this.#keys > this.#limits.maxKeys) return this.#refuse(`more than ${this.#limits.maxKeys} keys`)
    if (this.#bytes[this.#at] !== 0x22) return this.#refuse('expected a key')
    const start = this.#at + 1
    if (!this.#string()) return false
    const kind = this.#keyRing.add(start, this.#at - 1, this.#escaped)
    if (kind === 'duplicate') return this.#refuse('a duplicate key', start)
    if (kind === 'proto' || (kind === 'prototype' && isConstructor))
      return this.#refuse('a key that reaches for a prototype', start)
    this.#skipSpace()
    if (this.#bytes[this.#at] !== 0x3a) return this.#refuse('expected :')
    this.#at++
    this.#skipSpace()
    if (!this.#value(kind === 'constructor')) return false
    this.#skipSpace()
    return true
  }

  #array(): boolean {
    if (!this.#enter()) return false
    if (this.#bytes[this.#at] === 0x5d) return this.#leave()
    for (;;) {
      if (++this.#elements > this.#limits.maxElements)
        return this.#refuse(`more than ${this.#limits.maxElements} elements`)
      if (!this.#value(false)) return false
      this.#skipSpace()
      const byte = this.#bytes[this.#at]
      if (byte === 0x5d) return this.#leave()
      if (byte !== 0x2c) return this.#refuse('expected , or ]')
      this.#at++
      this.#skipSpace()
    }
  }

  #enter(): boolean {
    if (++this.#depth > this.#limits.maxDepth)
      return this.#refuse(`nested deeper than ${this.#limits.maxDepth}`)
    this.#at++
    this.#skipSpace()
    return true
  }

  #leave(): boolean {
    this.#depth--
    this.#at++
    return true
  }

  #leaveObject(outerKeys: number): boolean {
    this.#keyRing.close(outerKeys)
    return this.#leave()
  }

  #string(): boolean {
    const bytes = this.#bytes
    const start = this.#at + 1
    let at = start
    this.#escaped = false
    for (;;) {
      const byte = bytes[at]
      if (byte === 0x22) break
      if (byte === undefined) return this.#refuse('a string without an end', start - 1)
      if (byte < 0x20) return this.#refuse('a control character in a string', at)
      if (byte === 0x5c) {
        const length = this.#escapeLength(at)
        if (length === 0) return this.#refuse('a broken escape', at)
        this.#escaped = true
        at += length
      } else at++
    }
    this.#at = at + 1
    return at - start <= this.#limits.maxString || this.#isShortEnough(start, at)
  }

  /** The bytes of the escape at `at`; 0 where it is broken, or a surrogate without its other half. */
  #escapeLength(at: number): number {
    const letter = this.#bytes[at + 1]
    if (letter !== 0x75) return letter !== undefined && isSimpleEscape(letter) ? 2 : 0
    const unit = this.#hex(at + 2)
    if (unit < 0) return 0
    if (unit < 0xd800 || unit > 0xdfff) return 6
    if (unit > 0xdbff || this.#bytes[at + 6] !== 0x5c || this.#bytes[at + 7] !== 0x75) return 0
    const low = this.#hex(at + 8)
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0
  }

  #hex(from: number): number {
    let value = 0
    for (let at = from; at < from + 4; at++) {
      const digit = hexDigit(this.#bytes[at] ?? 0)
      if (digit < 0) return -1
      value = value * 16 + digit
    }
    return value
  }

  // Only asked where the bytes alone are over the limit, so that short strings are never counted.
  #isShortEnough(start: number, end: number): boolean {
    let characters = 0
    for (let at = start; at < end && characters <= this.#limits.maxString; characters++) {
      if (this.#bytes[at] === 0x5c) at += this.#escapeLength(at)
      else at += characterLength(this.#bytes[at] as number)
    }
    if (characters <= this.#limits.maxString) return true
    return this.#refuse(`a string longer than ${this.#limits.maxString}`, start - 1)
  }

  #number(): boolean {
    const start = this.#at
    const bytes = this.#bytes
    if (bytes[this.#at] === 0x2d) this.#at++
    const integerStart = this.#at
    if (!this.#digits()) return this.#refuse('expected a value', start)
    const integerDigits = this.#at - integerStart
    if (integerDigits > 1 && bytes[integerStart] === 0x30)
      return this.#refuse('a number with a leading zero', start)
    if (bytes[this.#at] === 0x2e) {
      this.#at++
      if (!this.#digits()) return this.#refuse('a number without its fraction', start)
    }
    const hasExponent = bytes[this.#at] === 0x65 || bytes[this.#at] === 0x45
    if (hasExponent) {
      this.#at++
      if (bytes[this.#at] === 0x2b || bytes[this.#at] === 0x2d) this.#at++
      if (!this.#digits()) return this.#refuse('a number without its exponent', start)
    }
    const length = this.#at - start
    if (length > this.#limits.maxNumber)
      return this.#refuse(`a number longer than ${this.#limits.maxNumber}`, start)
    if (integerDigits < 16 && !hasExponent && length < 300) return true
    return (
      !isHugeNumber(bytes.toString('latin1', start, this.#at), integerDigits) ||
      this.#refuse('a huge number', start)
    )
  }

  #digits(): boolean {
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    for (let byte = bytes[at]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = bytes[at]) at++
    this.#at = at
    return at > start
  }

  #literal(word: 'true' | 'false' | 'null'): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[this.#at + index] !== word.charCodeAt(index)) return this.#refuse('expected a value')
    }
    this.#at += word.length
    return true
  }

  #skipSpace(): void {
    const bytes = this.#bytes
    let at = this.#at
    for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;)
      byte = bytes[++at]
    this.#at = at
  }

  #refuse(what: string, at = this.#at): false {
    this.#fault = `${what} at byte ${at}`
    return false
  }
}

const simpleEscapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'))

function isSimpleEscape(letter: number): boolean {
  return simpleEscapes.has(letter)
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** How many bytes a UTF-8 character has by its first (RFC 3629 section 3); the text was checked before. */
function characterLength(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}
