import type { Selectable } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { ApiKeyRecord } from '../api-key-store.ts'
import { RowSealing } from './row-sealing.ts'
import type { ApiKeyTable } from './schema.ts'

/** Records of API keys as rows and back: who a key belongs to is sealed. */
export class ApiKeyRows {
  readonly #rows: RowSealing
  readonly #index: BlindIndex

  constructor(sealing: Sealing) {
    this.#rows = RowSealing.of(sealing, 'api_key')
    this.#index = sealing.index('api_key', 'consumer')
  }

  /** What rows of a consumer have in `consumer_index`. */
  indexOf(consumer: string): string {
    return this.#index.of(consumer)
  }

  toRow(record: ApiKeyRecord): Selectable<ApiKeyTable> {
    return this.#rows.seal({
      id: record.id,
      hash: record.hash,
      display: record.display,
      environment: record.environment,
      consumer: record.consumer,
      consumer_index: this.indexOf(record.consumer),
      label: record.label,
      tier: record.tier ?? null,
      scopes: JSON.stringify(record.scopes),
      roles: JSON.stringify(record.roles),
      attributes: JSON.stringify(record.attributes),
      state: record.state,
      created_at: record.createdAt,
      expires_at: record.expiresAt,
      changed_at: record.changedAt,
      successor: record.successor ?? null,
    })
  }

  /** @throws Fault where a sealed value was changed, or taken from another row */
  toRecord(sealed: Selectable<ApiKeyTable>): ApiKeyRecord {
    const row = this.#rows.open(sealed)
    return {
      id: row.id,
      hash: row.hash,
      display: row.display,
      environment: row.environment,
      consumer: row.consumer,
      label: row.label,
      tier: row.tier ?? undefined,
      scopes: JSON.parse(row.scopes) as readonly string[],
      roles: JSON.parse(row.roles) as readonly string[],
      attributes: JSON.parse(row.attributes) as Readonly<Record<string, unknown>>,
      state: row.state,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      changedAt: row.changed_at,
      successor: row.successor ?? undefined,
    }
  }
}
