import type { Clock } from '@gateward/kernel'
import type { PersistentCollection } from '../3-compile/variables.ts'
import type { ByteString } from '../language/bytes.ts'

interface StoredValue {
  readonly key: ByteString
  readonly value: ByteString
  /** Milliseconds since the epoch; infinite where it stays as long as its record. */
  readonly expires: number
}

interface StoredRecord {
  readonly values: Map<string, StoredValue>
  expires: number
}

const mostRecords = 10_000
const mostValues = 100

/**
 * The records of collections that outlive a transaction, in memory. At most 10,000 records of 100 values; the record that was
 * opened longest ago makes room for a new one.
 */
export class CollectionStore {
  readonly #records = new Map<string, StoredRecord>()
  readonly #clock: Clock
  readonly #timeout: number

  /** @param timeout seconds after which a record that nobody changed is gone */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock
    this.#timeout = timeout * 1000
  }

  /** Opens a record, made on first sight. */
  open(collection: PersistentCollection, key: ByteString): CollectionRecord {
    const name = `${collection} ${key.slice(0, 200)}`
    const now = this.#clock.now()
    let record = this.#records.get(name)
    if (record === undefined || record.expires <= now) {
      record = { values: new Map(), expires: now + this.#timeout }
    }
    // Set anew, so that the map's order is the order of use.
    this.#records.delete(name)
    this.#records.set(name, record)
    if (this.#records.size > mostRecords) this.#forgetOldest()
    return new CollectionRecord(record, this.#clock, this.#timeout)
  }

  /** How many records there are. */
  get size(): number {
    return this.#records.size
  }

  #forgetOldest(): void {
    const oldest = this.#records.keys().next()
    if (oldest.done !== true) this.#records.delete(oldest.value)
  }
}

/** One record as a transaction sees it: changes are there at once for every other transaction. */
export class CollectionRecord {
  readonly #record: StoredRecord
  readonly #clock: Clock
  readonly #timeout: number

  constructor(record: StoredRecord, clock: Clock, timeout: number) {
    this.#record = record
    this.#clock = clock
    this.#timeout = timeout
  }

  /** Every value that has not expired. */
  values(): readonly { readonly key: ByteString; readonly value: ByteString }[] {
    const now = this.#clock.now()
    return [...this.#record.values.values()].filter(({ expires }) => expires > now)
  }

  get(key: string): ByteString | undefined {
    const stored = this.#record.values.get(key.toLowerCase())
    return stored !== undefined && stored.expires > this.#clock.now() ? stored.value : undefined
  }

  /** Sets a value, `undefined` deletes it; a full record takes no new keys. */
  set(key: string, value: ByteString | undefined): void {
    const lowerKey = key.toLowerCase()
    const { values } = this.#record
    this.#record.expires = this.#clock.now() + this.#timeout
    if (value === undefined) values.delete(lowerKey)
    else if (values.has(lowerKey) || values.size < mostValues) {
      values.set(lowerKey, { key: key as ByteString, value, expires: Number.POSITIVE_INFINITY })
    }
  }

  /** Lets a value be gone in so many seconds. */
  expire(key: string, seconds: number): void {
    const stored = this.#record.values.get(key.toLowerCase())
    if (stored === undefined) return
    const expires = this.#clock.now() + seconds * 1000
    this.#record.values.set(key.toLowerCase(), { ...stored, expires })
    this.#record.expires = Math.max(this.#record.expires, expires)
  }
}
