import type { ChainNode } from '../3-compile/transformation-tree.ts'
import type { ByteString } from '../language/bytes.ts'
import type { ValueFacts } from '../regex/value-facts.ts'
import { valueFacts } from '../regex/value-facts.ts'

/** A value with all that has been found out about it: its facts for prefilters, and its forms under transformations. */
export class Examined {
  readonly value: ByteString
  #facts: ValueFacts | undefined
  /** By chain; forms that are the value itself are this very object, so that nothing of them is found out twice. */
  #forms: (Examined | undefined)[] | undefined

  constructor(value: ByteString) {
    this.value = value
  }

  /** Length, bytes present and whatever else prefilters ask, found once. */
  get facts(): ValueFacts {
    return (this.#facts ??= valueFacts(this.value))
  }

  /** The value after a chain of transformations. */
  form(chain: ChainNode): Examined {
    if (chain.parent === undefined || chain.transformation === undefined) return this
    const forms = (this.#forms ??= [])
    const known = forms[chain.id]
    if (known !== undefined) return known
    const before = this.form(chain.parent)
    const value = chain.transformation(before.value)
    const form = value === before.value ? before : new Examined(value)
    forms[chain.id] = form
    return form
  }
}
