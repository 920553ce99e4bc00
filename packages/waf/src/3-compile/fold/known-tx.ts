import type { ByteString } from '../../language/bytes.ts'

/** A value of TX that is known at load: there, or known not to be there. */
export interface KnownValue {
  readonly value: ByteString | undefined
}

const absent: KnownValue = { value: undefined }

/** What is known at load of the values that TX has at one place of a phase, whichever way a transaction came there. */
export class KnownTx {
  readonly #values: Map<string, ByteString>
  readonly #unknown: Set<string>
  /** Beginnings of keys that requests may complete. */
  readonly #unknownPrefixes: Set<string>

  /** @param from what is known to begin with; a transaction begins with nothing in TX */
  constructor(from?: KnownTx) {
    this.#values = new Map(from === undefined ? [] : from.#values)
    this.#unknown = new Set(from === undefined ? [] : from.#unknown)
    this.#unknownPrefixes = new Set(from === undefined ? [] : from.#unknownPrefixes)
  }

  /** What a key is known to hold; undefined where that depends on the request. */
  get(lowerKey: string): KnownValue | undefined {
    if (this.#isUnknown(lowerKey)) return undefined
    const value = this.#values.get(lowerKey)
    return value === undefined ? absent : { value }
  }

  set(lowerKey: string, value: ByteString | undefined): void {
    this.#unknown.delete(lowerKey)
    if (value === undefined) this.#values.delete(lowerKey)
    else this.#values.set(lowerKey, value)
  }

  forget(lowerKey: string): void {
    this.#values.delete(lowerKey)
    this.#unknown.add(lowerKey)
  }

  /** Forgets every key that begins so. */
  forgetPrefix(prefix: string): void {
    this.#unknownPrefixes.add(prefix)
  }

  /** What holds at a place that is reached in two ways. */
  merge(other: KnownTx): KnownTx {
    const merged = new KnownTx(this)
    for (const key of new Set([...this.#values.keys(), ...other.#values.keys()])) {
      if (this.#values.get(key) !== other.#values.get(key)) merged.forget(key)
    }
    for (const key of other.#unknown) merged.forget(key)
    for (const prefix of other.#unknownPrefixes) merged.forgetPrefix(prefix)
    return merged
  }

  #isUnknown(lowerKey: string): boolean {
    if (this.#unknown.has(lowerKey)) return true
    for (const prefix of this.#unknownPrefixes) if (lowerKey.startsWith(prefix)) return true
    return false
  }
}
