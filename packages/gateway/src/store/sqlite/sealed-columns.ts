import type { Schema } from './schema.ts'

/** A table with sealed columns. */
export interface SealedTable {
  readonly table: keyof Schema
  /** The column that names a row, to which its sealed values are bound; it never changes. */
  readonly row: string
  readonly columns: readonly string[]
}

/**
 * Every sealed column of the store: what is not listed here would keep the key of its values from ever being retired.
 * Whoever adds a column that names a person, or gives access, seals it (`Sealing.column`) and adds it here.
 */
export const sealedColumns: readonly SealedTable[] = [
  { table: 'api_key', row: 'id', columns: ['consumer', 'label', 'attributes'] },
  { table: 'acme_account', row: 'directory', columns: ['key'] },
  { table: 'acme_certificate', row: 'name', columns: ['key'] },
  {
    table: 'alert',
    row: 'id',
    columns: ['subject', 'summary', 'details', 'acknowledged_by', 'acknowledged_note'],
  },
  { table: 'silence', row: 'id', columns: ['subject', 'reason'] },
  { table: 'anomaly', row: 'id', columns: ['subject', 'explanation'] },
  { table: 'expectation', row: 'id', columns: ['subject', 'reason'] },
  { table: 'learned', row: 'name', columns: ['text'] },
  { table: 'configuration_version', row: 'number', columns: ['actor', 'reason', 'text'] },
  { table: 'account', row: 'id', columns: ['name', 'password_hash', 'subject'] },
  { table: 'passkey', row: 'id', columns: ['label'] },
  { table: 'admin_token', row: 'id', columns: ['label'] },
  { table: 'content_key', row: 'name', columns: ['key'] },
  { table: 'version_calls', row: 'id', columns: ['consumer'] },
  { table: 'audit', row: 'number', columns: ['actor', 'target', 'body'] },
]
