import { sql, type Kysely } from 'kysely'

/** The table of what quotas have used. */
export async function createQuotas(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('quota')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('period_start', 'integer', (column) => column.notNull())
    .addColumn('used', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_primary_key', ['key', 'policy', 'period_start'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  await schema.schema.createIndex('quota_by_period').on('quota').column('period_start').execute()
}
