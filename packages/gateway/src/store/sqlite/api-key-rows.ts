import type { Selectable } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { SealedColumn, Sealing } from '../../keyring/sealing/sealing.ts'
import type { ApiKeyRecord } from '../api-key-store.ts'
import type { ApiKeyTable } from './schema.ts'

/** Records of API keys as rows and back: who a key belongs to is sealed. */
export class ApiKeyRows {
  readonly #consumer: SealedColumn
  readonly #label: SealedColumn
  readonly #attributes: SealedColumn
  readonly #index: BlindIndex

  constructor(sealing: Sealing) {
    this.#consumer = sealing.column('api_key', 'consumer')
    this.#label = sealing.column('api_key', 'label')
    this.#attributes = sealing.column('api_key', 'attributes')
    this.#index = sealing.index('api_key', 'consumer')
  }

  /** What rows of a consumer have in `consumer_index`. */
  indexOf(consumer: string): string {
    return this.#index.of(consumer)
  }

  toRow(record: ApiKeyRecord): Selectable<ApiKeyTable> {
    const { id } = record
    return {
      id,
      hash: record.hash,
      display: record.display,
      environment: record.environment,
      consumer: this.#consumer.seal(id, record.consumer),
      consumer_index: this.indexOf(record.consumer),
      label: this.#label.seal(id, record.label),
      tier: record.tier ?? null,
      scopes: JSON.stringify(record.scopes),
      roles: JSON.stringify(record.roles),
      attributes: this.#attributes.seal(id, JSON.stringify(record.attributes)),
      state: record.state,
      created_at: record.createdAt,
      expires_at: record.expiresAt,
      changed_at: record.changedAt,
      successor: record.successor ?? null,
    }
  }

  /** @throws Fault where a sealed value was changed, or taken from another row */
  toRecord(row: Selectable<ApiKeyTable>): ApiKeyRecord {
    const { id } = row
    return {
      id,
      hash: row.hash,
      display: row.display,
      environment: row.environment,
      consumer: this.#consumer.open(id, row.consumer),
      label: this.#label.open(id, row.label),
      tier: row.tier ?? undefined,
      scopes: JSON.parse(row.scopes) as readonly string[],
      roles: JSON.parse(row.roles) as readonly string[],
      attributes: JSON.parse(this.#attributes.open(id, row.attributes)) as Readonly<Record<string, unknown>>,
      state: row.state,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      changedAt: row.changed_at,
      successor: row.successor ?? undefined,
    }
  }
}
