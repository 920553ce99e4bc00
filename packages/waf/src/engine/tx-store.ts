import type { TxChange } from '../3-compile/effect.ts'
import type { ByteString } from '../language/bytes.ts'
import type { Captures } from '../operators/operator.ts'
import { Entry } from './entry.ts'

const captureKeys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Most keys that rules may set in TX: request data may choose names, so they must have an end. */
const mostKeys = 2_000

/**
 * The values of TX in one transaction. What every transaction sets alike is one table for all of them, over which the transaction
 * lays what it sets itself.
 */
export class TxStore implements Captures {
  #base = noBase
  /** Undefined for a key of the base that was deleted. */
  readonly #own = new Map<string, Entry | undefined>()
  #list: readonly Entry[] | undefined

  get(lowerKey: string): Entry | undefined {
    const own = this.#own.get(lowerKey)
    if (own !== undefined) return own
    const base = this.#base.entries.get(lowerKey)
    return base === undefined || this.#own.has(lowerKey) ? undefined : base
  }

  /** Every value, in the order in which keys were set first. */
  entries(): readonly Entry[] {
    return (this.#list ??= this.#makeList())
  }

  /** The values whose keys match an expression; which of the base's do is found out once. */
  entriesMatching(regexp: RegExp): readonly Entry[] {
    const matching = this.#base.matching(regexp)
    if (this.#own.size === 0) return matching
    const found = matching.filter((entry) => !this.#own.has(entry.lowerKey))
    for (const [lowerKey, entry] of this.#own) {
      if (entry !== undefined && regexp.test(lowerKey)) found.push(entry)
    }
    return found
  }

  /** Sets one of the groups of a match, `TX.0` to `TX.9`. */
  set(index: number, value: ByteString): void {
    const key = captureKeys[index] ?? ''
    this.assign(key, key, value)
  }

  /** Sets a key, or deletes it where the value is undefined. */
  assign(key: string, lowerKey: string, value: ByteString | undefined): void {
    this.#list = undefined
    if (value === undefined) {
      if (this.#base.entries.has(lowerKey)) this.#own.set(lowerKey, undefined)
      else this.#own.delete(lowerKey)
    } else if (this.#own.size < mostKeys || this.#own.has(lowerKey)) {
      this.#own.set(lowerKey, Entry.of('TX', key as ByteString, value))
    }
  }

  /** Makes changes that are known before any request, by key in lower case. */
  assignAll(changes: ReadonlyMap<string, TxChange>): void {
    if (this.#base === noBase && this.#own.size === 0) {
      this.#list = undefined
      this.#base = TxBase.of(changes)
      return
    }
    for (const [lowerKey, { key, value }] of changes) this.assign(key, lowerKey, value)
  }

  #makeList(): readonly Entry[] {
    const all = new Map<string, Entry | undefined>(this.#base.entries)
    for (const [lowerKey, entry] of this.#own) all.set(lowerKey, entry)
    return [...all.values()].filter((entry) => entry !== undefined)
  }
}

/** What every transaction sets alike; entries hold nothing of a transaction, so that all of them may share these. */
class TxBase {
  static readonly #known = new WeakMap<ReadonlyMap<string, TxChange>, TxBase>()
  readonly entries: ReadonlyMap<string, Entry>
  readonly #matching = new Map<RegExp, readonly Entry[]>()

  constructor(changes: ReadonlyMap<string, TxChange>) {
    this.entries = new Map(
      [...changes].flatMap(([lowerKey, { key, value }]) =>
        value === undefined ? [] : [[lowerKey, Entry.of('TX', key as ByteString, value)]],
      ),
    )
  }

  static of(changes: ReadonlyMap<string, TxChange>): TxBase {
    let base = TxBase.#known.get(changes)
    if (base === undefined) TxBase.#known.set(changes, (base = new TxBase(changes)))
    return base
  }

  /** Expressions are those of rules, so there are only so many. */
  matching(regexp: RegExp): readonly Entry[] {
    let found = this.#matching.get(regexp)
    if (found === undefined) {
      found = [...this.entries.values()].filter((entry) => regexp.test(entry.lowerKey))
      this.#matching.set(regexp, found)
    }
    return found
  }
}

const noBase = new TxBase(new Map())
