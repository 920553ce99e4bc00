import type { ByteString } from '../language/bytes.ts'
import { scratchBytesOf } from '../language/scratch-bytes.ts'

/** What is known of a value before any expression is run on it, computed once for all of them. */
export interface ValueFacts {
  readonly length: number
  /** 256 bits: which bytes occur, bit `byte % 32` of word `byte / 32`. */
  readonly mask: Uint32Array
  /** The value with its ASCII letters in lower case; made when first asked for. */
  readonly lower: string
}

/** Looks over a value once. */
export function valueFacts(value: ByteString): ValueFacts {
  return new ScannedValue(value)
}

class ScannedValue implements ValueFacts {
  readonly length: number
  readonly mask: Uint32Array
  readonly #value: string
  #lower: string | undefined

  constructor(value: string) {
    this.#value = value
    this.length = value.length
    const mask = new Uint32Array(8)
    const bytes = scratchBytesOf(value)
    for (let index = 0; index < value.length; index++) {
      const byte = bytes[index] ?? 0
      const word = byte >>> 5
      mask[word] = (mask[word] ?? 0) | (1 << (byte & 31))
    }
    this.mask = mask
  }

  /** Bytes from 0x80 may change as well, which does no harm: no literal that is looked for holds one. */
  get lower(): string {
    this.#lower ??= this.#value.toLowerCase()
    return this.#lower
  }
}
