import { sivKeyBytes } from '../../keyring/crypto/aes-siv.ts'
import { SealedNames } from '../../keyring/sealing/sealed-names.ts'
import type { RollupDimension } from '../history-store.ts'
import type { SqliteContentKeyStore } from './content-key-store.ts'

/** How names stand in the rollups: those of people sealed, equal names alike, the others as they are. */
export class RollupNames {
  readonly #keys: SqliteContentKeyStore
  #sealed: SealedNames | undefined

  constructor(keys: SqliteContentKeyStore) {
    this.#keys = keys
  }

  toStored(dimension: RollupDimension, name: string): string {
    return isPersonal(dimension) ? this.#names().seal(dimension, name) : name
  }

  /** A name that somebody wrote into the file by hand is shown as what it is, and its counts still count. */
  fromStored(dimension: RollupDimension, stored: string): string {
    return isPersonal(dimension) ? (this.#names().open(dimension, stored) ?? unreadableName) : stored
  }

  #names(): SealedNames {
    return (this.#sealed ??= new SealedNames(
      this.#keys.provide('rollup names', sivKeyBytes).reveal(),
      'rollup',
      'name',
    ))
  }
}

const unreadableName = '(unreadable)'

// The others name what is the operator's own, and countries.
function isPersonal(dimension: RollupDimension): boolean {
  return dimension === 'consumer' || dimension === 'address'
}
