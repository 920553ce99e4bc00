import { associatedData } from '../crypto/associated-data.ts'
import { BlindIndex } from '../crypto/blind-index.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import type { DataKeys } from '../data-keys/data-keys.ts'

/**
 * Seals what is sensitive in the gateway's own store: AES-256-GCM under the active key of `store`, bound to table, column
 * and row, so that a copied file shows nothing and no value can be put in the place of another.
 */
export class Sealing {
  readonly #keys: DataKeys

  constructor(keys: DataKeys) {
    this.#keys = keys
  }

  /** A column of which every value is sealed. */
  column(table: string, column: string): SealedColumn {
    return new SealedColumn(this.#keys, table, column)
  }

  /** Finds rows by a value that is sealed, or not kept at all; make one when the store is opened. */
  index(table: string, column: string): BlindIndex {
    return new BlindIndex(this.#keys.active('store-index').secret.reveal(), table, column)
  }

  /** The key that seals now. */
  get activeKeyId(): string {
    return this.#keys.active('store').id
  }
}

/** One column's values, sealed and opened. */
export class SealedColumn {
  readonly #keys: DataKeys
  readonly #table: string
  readonly #column: string

  constructor(keys: DataKeys, table: string, column: string) {
    this.#keys = keys
    this.#table = table
    this.#column = column
  }

  /** @param row what names the row for ever, such as its primary key */
  seal(row: string, text: string): string {
    return sealEnvelope(this.#keys.active('store'), Buffer.from(text, 'utf8'), this.#place(row))
  }

  /** @throws Fault where it is not what was sealed for this row, or its key is not usable: never gives out anything else */
  open(row: string, sealed: string): string {
    return openEnvelope(this.#keys, sealed, this.#place(row)).toString('utf8')
  }

  #place(row: string): Buffer {
    return associatedData('store', this.#table, this.#column, row)
  }
}
