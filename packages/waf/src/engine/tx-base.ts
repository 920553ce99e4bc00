import type { TxChange } from '../3-compile/effect.ts'
import { TxValue } from './tx-value.ts'

/** What every transaction sets alike; nothing changes it, so that all of them may share its values. */
export class TxBase {
  static readonly #known = new WeakMap<ReadonlyMap<string, TxChange>, TxBase>()
  /** By key in lower case, the place of its value. */
  readonly places: ReadonlyMap<string, number>
  readonly values: readonly TxValue[]
  /** As long as the values, for a transaction to lay its own over them. */
  readonly unchanged: readonly undefined[]
  readonly #matching = new Map<RegExp, readonly number[]>()

  constructor(changes: ReadonlyMap<string, TxChange>) {
    const set = [...changes].flatMap(([lowerKey, { key, value }]) =>
      value === undefined ? [] : [{ lowerKey, value: new TxValue(key, value) }],
    )
    this.places = new Map(set.map(({ lowerKey }, place) => [lowerKey, place]))
    this.values = set.map(({ value }) => value)
    this.unchanged = set.map(() => undefined)
  }

  static of(changes: ReadonlyMap<string, TxChange>): TxBase {
    let base = TxBase.#known.get(changes)
    if (base === undefined) TxBase.#known.set(changes, (base = new TxBase(changes)))
    return base
  }

  /** The places of keys that match. Expressions are those of rules, so there are only so many. */
  matching(regexp: RegExp): readonly number[] {
    let found = this.#matching.get(regexp)
    if (found === undefined) {
      found = [...this.places].flatMap(([lowerKey, place]) => (regexp.test(lowerKey) ? [place] : []))
      this.#matching.set(regexp, found)
    }
    return found
  }
}
