import type { ChainNode } from '../3-compile/transformation-tree.ts'
import type { ByteString } from '../language/bytes.ts'
import type { ValueFacts } from '../regex/value-facts.ts'
import { valueFacts } from '../regex/value-facts.ts'
import { transformed } from './remembered-forms.ts'
import { signatureOf } from './signature.ts'

/** A value with all that has been found out about it: its facts for prefilters, and its forms under transformations. */
export class Examined {
  readonly value: ByteString
  /** Whether the host's contract proves it harmless, so that rules which look for content in every field pass it over. */
  isProven = false
  #facts: ValueFacts | undefined
  #signature: number | undefined
  /** Bits of the chains 0 to 63 that are known to leave the value as it is: nearly all of them, for nearly all values. */
  #untouchedLow = 1
  #untouchedHigh = 0
  #forms: Map<number, Examined> | undefined

  constructor(value: ByteString) {
    this.value = value
  }

  /** Length, bytes present and whatever else prefilters ask, found once. */
  get facts(): ValueFacts {
    return (this.#facts ??= valueFacts(this.value))
  }

  /** The kinds of bytes in it, as one number. */
  get signature(): number {
    return (this.#signature ??= signatureOf(this.value))
  }

  /** The value after a chain of transformations; this very object where nothing changes, so that nothing is found out twice. */
  form(chain: ChainNode): Examined {
    const { id, parent, transformation } = chain
    if (this.#isUntouched(id)) return this
    const known = this.#forms?.get(id)
    if (known !== undefined) return known
    if (parent === undefined || transformation === undefined) return this
    const before = this.form(parent)
    const value = transformed(transformation, before.value)
    const form = value === before.value ? before : new Examined(value)
    if (form === this) this.#noteUntouched(id)
    else (this.#forms ??= new Map()).set(id, form)
    return form
  }

  #isUntouched(id: number): boolean {
    if (id < 32) return ((this.#untouchedLow >>> id) & 1) === 1
    return id < 64 && ((this.#untouchedHigh >>> (id - 32)) & 1) === 1
  }

  #noteUntouched(id: number): void {
    if (id < 32) this.#untouchedLow |= 1 << id
    else if (id < 64) this.#untouchedHigh |= 1 << (id - 32)
    else (this.#forms ??= new Map()).set(id, this)
  }
}
