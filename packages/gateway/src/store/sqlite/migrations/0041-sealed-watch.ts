import type { Kysely } from 'kysely'
import type { Sealing } from '../../../keyring/sealing/sealing.ts'
import { RowSealing } from '../row-sealing.ts'
import type { SealedTable } from '../sealed-columns.ts'

/** The step that seals what earlier versions have stored as it was of alerts, anomalies, configurations and accounts. */
export async function sealWatch(schema: Kysely<unknown>, keys: () => Sealing): Promise<void> {
  const sealing = keys()
  const names = sealing.index('account', 'name_key')
  for (const sealed of tables) {
    const rows = new RowSealing(sealing, sealed)
    const database = schema.withTables<Record<string, Record<string, string | number | null>>>()
    for (const row of await database.selectFrom(sealed.table).selectAll().execute()) {
      const changed = rows.seal(row)
      const kept = Object.fromEntries(sealed.columns.map((column) => [column, changed[column] ?? null]))
      if (sealed.table === 'account') kept['name_key'] = names.of(String(row['name_key']))
      await database
        .updateTable(sealed.table)
        .set(kept)
        .where(sealed.row, '=', row[sealed.row] ?? null)
        .execute()
    }
  }
}

const tables: readonly SealedTable[] = [
  { table: 'alert', row: 'id', columns: ['subject', 'summary', 'details'] },
  { table: 'silence', row: 'id', columns: ['subject', 'reason'] },
  { table: 'anomaly', row: 'id', columns: ['subject', 'explanation'] },
  { table: 'learned', row: 'name', columns: ['text'] },
  { table: 'configuration_version', row: 'number', columns: ['actor', 'reason', 'text'] },
  { table: 'account', row: 'id', columns: ['name', 'password_hash'] },
  { table: 'passkey', row: 'id', columns: ['label'] },
  { table: 'admin_token', row: 'id', columns: ['label'] },
]
