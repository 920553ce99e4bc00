import type { PersistentCollection } from '../3-compile/variables.ts'
import type { ByteString } from '../language/bytes.ts'
import type { CollectionRecord, CollectionStore } from './collection-store.ts'
import { Entry } from './entry.ts'

/** What of the collections that outlive transactions one transaction has open: one record of each. */
export class OpenCollections {
  readonly #store: CollectionStore
  /** Most transactions open none. */
  #records: Map<PersistentCollection, CollectionRecord> | undefined

  constructor(store: CollectionStore) {
    this.#store = store
  }

  /** Opens a record, as `initcol` names it; the first that a transaction opens of a collection stays. */
  open(collection: PersistentCollection, key: ByteString): void {
    const records = (this.#records ??= new Map())
    if (!records.has(collection)) records.set(collection, this.#store.open(collection, key))
  }

  /** The record that is open; of `GLOBAL` there is one for all, which nobody need open. */
  get(collection: PersistentCollection): CollectionRecord | undefined {
    if (collection === 'GLOBAL') this.open(collection, 'global' as ByteString)
    return this.#records?.get(collection)
  }

  /** Every value of the record that is open. */
  entries(collection: PersistentCollection): readonly Entry[] {
    const values = this.get(collection)?.values() ?? []
    return values.map(({ key, value }) => Entry.of(collection, key, value))
  }
}
