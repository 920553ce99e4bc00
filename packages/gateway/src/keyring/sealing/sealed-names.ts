import type { KeyObject } from 'node:crypto'
import { associatedData } from '../crypto/associated-data.ts'
import { decryptSiv, encryptSiv } from '../crypto/aes-siv.ts'

/**
 * Names that rows are counted under, encrypted so that equal names of one place stay equal (AES-256-SIV): rows can be found
 * and added up by them, and a copied file tells neither a name nor that one of another place is the same.
 */
export class SealedNames {
  readonly #key: KeyObject
  readonly #table: string
  readonly #column: string

  /** @param key 64 bytes, used for nothing else */
  constructor(key: KeyObject, table: string, column: string) {
    this.#key = key
    this.#table = table
    this.#column = column
  }

  /** @param place within which equal names stay equal */
  seal(place: string, name: string): string {
    return encryptSiv(this.#key, Buffer.from(mark + name), this.#bind(place)).toString('base64url')
  }

  /** `undefined` where it is not what was sealed in this place. */
  open(place: string, sealed: string): string | undefined {
    const opened = decryptSiv(this.#key, Buffer.from(sealed, 'base64url'), this.#bind(place))
    return opened?.toString().slice(mark.length)
  }

  #bind(place: string): Buffer {
    return associatedData('store', this.#table, this.#column, place)
  }
}

// One character before every name, since no empty text can be encrypted.
const mark = '.'
