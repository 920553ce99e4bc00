import type { TxChange } from '../3-compile/effect.ts'
import type { ByteString } from '../language/bytes.ts'
import type { Captures } from '../operators/operator.ts'
import type { Entry } from './entry.ts'
import { TxBase } from './tx-base.ts'
import { TxValue } from './tx-value.ts'

const captureKeys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Most keys that rules may set in TX: request data may choose names, so they must have an end. */
const mostKeys = 2_000

/**
 * The values of TX in one transaction. What every transaction sets alike is one table for all of them, over which the transaction
 * lays what it sets itself.
 */
export class TxStore implements Captures {
  #base = noBase
  /** What is laid over the base, by its places there: `null` where a key was deleted. */
  #changed: (TxValue | null | undefined)[] | undefined
  /** By key in lower case, what the base does not have. */
  readonly #own = new Map<string, TxValue>()
  #list: readonly Entry[] | undefined

  /** A value by its key in lower case. */
  value(lowerKey: string): ByteString | undefined {
    return this.#find(lowerKey)?.value
  }

  entry(lowerKey: string): Entry | undefined {
    return this.#find(lowerKey)?.entry
  }

  /** Every value, in the order in which keys were set first. */
  entries(): readonly Entry[] {
    return (this.#list ??= this.#makeList())
  }

  /** The values whose keys match an expression; which of the base's do is found out once. */
  entriesMatching(regexp: RegExp): readonly Entry[] {
    const found: Entry[] = []
    for (const place of this.#base.matching(regexp)) this.#push(place, found)
    for (const [lowerKey, { entry }] of this.#own) if (regexp.test(lowerKey)) found.push(entry)
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
    const place = this.#base.places.get(lowerKey)
    if (place !== undefined) {
      const changed = (this.#changed ??= this.#base.unchanged.slice())
      changed[place] = value === undefined ? null : changedTo(changed[place] ?? undefined, key, value)
    } else if (value === undefined) this.#own.delete(lowerKey)
    else {
      const before = this.#own.get(lowerKey)
      if (before === undefined && this.#own.size >= mostKeys) return
      const after = changedTo(before, key, value)
      if (after !== before) this.#own.set(lowerKey, after)
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

  #find(lowerKey: string): TxValue | undefined {
    const place = this.#base.places.get(lowerKey)
    return place === undefined ? this.#own.get(lowerKey) : this.#at(place)
  }

  #at(place: number): TxValue | undefined {
    const changed = this.#changed?.[place]
    return changed === undefined ? this.#base.values[place] : (changed ?? undefined)
  }

  #push(place: number, entries: Entry[]): void {
    const value = this.#at(place)
    if (value !== undefined) entries.push(value.entry)
  }

  #makeList(): readonly Entry[] {
    const entries: Entry[] = []
    for (let place = 0; place < this.#base.values.length; place++) this.#push(place, entries)
    for (const { entry } of this.#own.values()) entries.push(entry)
    return entries
  }
}

/** The same object where it may be, since nothing else holds it; entries that were made of it stay as they are. */
function changedTo(before: TxValue | undefined, key: string, value: ByteString): TxValue {
  if (before?.key !== key) return new TxValue(key, value)
  before.change(value)
  return before
}

const noBase = new TxBase(new Map())
