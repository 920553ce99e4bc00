/** A set of bytes, immutable; what one step of a regular expression may consume. */
export class ByteClass {
  /** 256 bits, bit `byte % 32` of word `byte / 32`. */
  readonly words: Readonly<Uint32Array>
  readonly size: number
  #ranges: ReadonlyArray<readonly [number, number]> | undefined
  #folded: ByteClass | undefined
  #key: string | undefined

  constructor(words: Uint32Array) {
    this.words = words
    this.size = words.reduce((count, word) => count + countBits(word), 0)
  }

  /** The class of some ranges, each from its first to its last byte. */
  static ofRanges(...ranges: ReadonlyArray<readonly [number, number]>): ByteClass {
    const words = new Uint32Array(8)
    for (const [first, last] of ranges) {
      for (let byte = first; byte <= last; byte++) setBit(words, byte)
    }
    return new ByteClass(words)
  }

  static ofByte(byte: number): ByteClass {
    return singles[byte] ?? ByteClass.ofRanges([byte, byte])
  }

  static ofText(text: string): ByteClass {
    const words = new Uint32Array(8)
    for (let index = 0; index < text.length; index++) setBit(words, text.charCodeAt(index))
    return new ByteClass(words)
  }

  has(byte: number): boolean {
    return (((this.words[byte >>> 5] ?? 0) >>> (byte & 31)) & 1) === 1
  }

  union(other: ByteClass): ByteClass {
    return new ByteClass(this.words.map((word, index) => word | (other.words[index] ?? 0)))
  }

  complement(): ByteClass {
    return new ByteClass(this.words.map((word) => ~word))
  }

  /** Whether some byte is in this class and in the 256 bits given. */
  intersects(mask: Readonly<Uint32Array>): boolean {
    const words = this.words
    for (let index = 0; index < 8; index++) {
      if (((words[index] ?? 0) & (mask[index] ?? 0)) !== 0) return true
    }
    return false
  }

  isSubsetOf(other: ByteClass): boolean {
    return this.words.every((word, index) => (word & ~(other.words[index] ?? 0)) === 0)
  }

  /** With the other case of every ASCII letter; bytes from 0x80 have no case, as PCRE has it in the C locale. */
  foldCase(): ByteClass {
    return (this.#folded ??= this.intersects(letters.words) ? this.#fold() : this)
  }

  #fold(): ByteClass {
    const words = Uint32Array.from(this.words)
    for (let upper = 0x41; upper <= 0x5a; upper++) {
      if (this.has(upper) || this.has(upper | 0x20)) {
        setBit(words, upper)
        setBit(words, upper | 0x20)
      }
    }
    return new ByteClass(words)
  }

  /** The maximal ranges of the class, ascending. */
  ranges(): ReadonlyArray<readonly [number, number]> {
    return (this.#ranges ??= this.#findRanges())
  }

  /** The same text for classes of the same bytes. */
  get key(): string {
    return (this.#key ??= this.words.join())
  }

  #findRanges(): ReadonlyArray<readonly [number, number]> {
    const ranges: Array<readonly [number, number]> = []
    for (let byte = 0; byte < 256; byte++) {
      if (!this.has(byte)) continue
      const first = byte
      while (byte < 255 && this.has(byte + 1)) byte++
      ranges.push([first, byte])
    }
    return ranges
  }

  /** The lowest byte, or `undefined` where the class is empty. */
  first(): number | undefined {
    return this.ranges()[0]?.[0]
  }
}

function setBit(words: Uint32Array, byte: number): void {
  words[byte >>> 5] = (words[byte >>> 5] ?? 0) | (1 << (byte & 31))
}

function countBits(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}

const singles: readonly ByteClass[] = Array.from({ length: 256 }, (_, byte) =>
  ByteClass.ofRanges([byte, byte]),
)

const letters = ByteClass.ofRanges([0x41, 0x5a], [0x61, 0x7a])

/** Every byte: `.`, which in rules matches line ends as well. */
export const anyByte: ByteClass = ByteClass.ofRanges([0, 255])
