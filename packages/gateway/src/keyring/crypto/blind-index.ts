import { createHmac, type KeyObject } from 'node:crypto'
import { associatedData } from './associated-data.ts'
import { deriveKey } from './derive-key.ts'

/**
 * Finds equal values without storing them: HMAC-SHA-256 (RFC 2104) under a key derived for one place alone, so that equal
 * values in different places do not look alike. Make one when a configuration is loaded, not for every request.
 */
export class BlindIndex {
  readonly #key: KeyObject

  /** @param place what is indexed, such as a table and column, or a tenant and field */
  constructor(key: KeyObject, ...place: readonly string[]) {
    this.#key = deriveKey(key, associatedData('blind-index', ...place))
  }

  /** 43 letters, digits, `-` and `_`: 256 bits in base64url. */
  of(value: string): string {
    return createHmac('sha256', this.#key).update(value, 'utf8').digest('base64url')
  }
}
