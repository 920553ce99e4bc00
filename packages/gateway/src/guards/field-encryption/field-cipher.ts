import { Fault } from '@gateward/kernel'
import type { ClassifiedField } from '@gateward/openapi'
import type { DataClassEntry, Protection } from '../../data-classes/catalog.ts'
import { associatedData } from '../../keyring/crypto/associated-data.ts'
import { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import { openEnvelope, sealEnvelope } from '../../keyring/crypto/envelope.ts'
import type { DataKey } from '../../keyring/data-keys/data-key.ts'
import type { DataKeys } from '../../keyring/data-keys/data-keys.ts'

/** What one field is encrypted with; made when the configuration is loaded. */
export interface FieldCipherOptions {
  readonly api: string
  readonly field: ClassifiedField
  readonly protection: Protection
  readonly entry: DataClassEntry
  readonly keys: DataKeys
  readonly acceptUnencrypted: boolean
}

/**
 * Encrypts and decrypts the values of one field. A value of one tenant, API, class or field opens nowhere else: what
 * somebody copies from one place of the service to another is a fault there, and no way to have it shown.
 */
export class FieldCipher {
  readonly field: ClassifiedField
  readonly protection: Protection
  readonly #options: FieldCipherOptions
  // Tenants are the operator's customers; those that came last are remembered.
  readonly #places = new Map<string, Buffer>()
  readonly #indexes = new Map<string, BlindIndex>()

  constructor(options: FieldCipherOptions) {
    this.#options = options
    this.field = options.field
    this.protection = options.protection
  }

  /**
   * @returns an envelope with the value as JSON; `null` as it is, which says nothing but that there is no value
   * @throws Fault `DATA_KEY_…`
   */
  seal(value: unknown, tenant: string): unknown {
    const { keys, protection } = this.#options
    if (protection === 'off' || value === null) return value
    return this.#sealUnder(
      keys.active(protection === 'encrypt' ? 'fields' : 'fields-deterministic'),
      value,
      tenant,
    )
  }

  /**
   * @throws Fault `ENVELOPE_UNREADABLE`, `DATA_KEY_…`, or `FIELD_UNENCRYPTED`
   */
  open(value: unknown, tenant: string): unknown {
    const { keys, protection, acceptUnencrypted } = this.#options
    if (isSealed(value))
      return JSON.parse(openEnvelope(keys, value, this.#place(tenant)).toString()) as unknown
    if (value === null || protection === 'off' || acceptUnencrypted) return value
    throw new Fault(
      'FIELD_UNENCRYPTED',
      `the service holds ${this.field.name} (${this.field.class}) unencrypted; run: gateward fields reencrypt`,
      { source: 'upstream' },
    )
  }

  /** By what a value is found again (HMAC-SHA-256): equal for texts that mean the same value of one tenant. */
  index(value: unknown, tenant: string): string {
    return this.#blindIndex(this.#options.keys.active('fields-index')).of(this.#indexed(value, tenant))
  }

  /** What the service holds for a value that was written under the active key. */
  searchText(value: string, tenant: string): string {
    return this.field.index === undefined ? String(this.seal(value, tenant)) : this.index(value, tenant)
  }

  /** What the service may hold for a value: one text under each key that has not ended, the active one first. */
  searchTexts(value: string, tenant: string): readonly string[] {
    const { keys } = this.#options
    const isIndexed = this.field.index !== undefined
    const usable = keys.usable(isIndexed ? 'fields-index' : 'fields-deterministic').slice(0, mostSearched)
    if (!isIndexed) return usable.map((key) => this.#sealUnder(key, value, tenant))
    const text = this.#indexed(value, tenant)
    return usable.map((key) => this.#blindIndex(key).of(text))
  }

  #sealUnder(key: DataKey, value: unknown, tenant: string): string {
    return sealEnvelope(key, Buffer.from(JSON.stringify(value)), this.#place(tenant))
  }

  #indexed(value: unknown, tenant: string): string {
    const { entry } = this.#options
    return JSON.stringify([
      tenant,
      typeof value === 'string' ? entry.normalize(value) : JSON.stringify(value),
    ])
  }

  #place(tenant: string): Buffer {
    const known = this.#places.get(tenant)
    if (known !== undefined) return known
    const { api, field } = this.#options
    const place = associatedData('field', tenant, api, field.class, field.name)
    remember(this.#places, tenant, place)
    return place
  }

  #blindIndex(key: DataKey): BlindIndex {
    const { api, field } = this.#options
    const known = this.#indexes.get(key.id)
    if (known !== undefined) return known
    const index = new BlindIndex(key.secret.reveal(), 'field', api, field.class, field.name)
    remember(this.#indexes, key.id, index)
    return index
  }
}

/** Whether a value is an envelope, of this version or any other. */
export function isSealed(value: unknown): value is string {
  return typeof value === 'string' && sealedForm.test(value)
}

const sealedForm = /^enc:v\d+:/

function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size >= mostRemembered) cache.clear()
  cache.set(key, value)
}

const mostRemembered = 1_000

// Rotations follow one another slowly, and whoever never ends one must not make queries grow.
const mostSearched = 8
