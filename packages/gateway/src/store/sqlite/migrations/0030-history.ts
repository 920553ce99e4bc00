import { sql, type Kysely } from 'kysely'

/** The rollups of past traffic. */
export async function createHistory(schema: Kysely<unknown>): Promise<void> {
  let table = schema.schema
    .createTable('rollup')
    .addColumn('step', 'integer', (column) => column.notNull())
    .addColumn('dimension', 'text', (column) => column.notNull())
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
  for (const count of counts) table = table.addColumn(count, 'integer', (column) => column.notNull())
  await table
    .addColumn('latency', 'blob')
    .addPrimaryKeyConstraint('rollup_primary_key', ['step', 'dimension', 'start', 'name'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  await schema.schema.createIndex('rollup_by_age').on('rollup').columns(['step', 'start']).execute()
}

const counts = [
  'requests',
  'refused',
  'status_2xx',
  'status_3xx',
  'status_4xx',
  'status_5xx',
  'bytes_in',
  'bytes_out',
] as const
