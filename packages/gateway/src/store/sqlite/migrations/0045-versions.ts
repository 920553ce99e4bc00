import { sql, type Kysely } from 'kysely'

/** Who calls which version, and which stages of plans were told. */
export async function createVersions(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('version_calls')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('consumer', 'text', (column) => column.notNull())
    .addColumn('requests', 'integer', (column) => column.notNull())
    .addColumn('refused', 'integer', (column) => column.notNull())
    .addColumn('first_seen', 'integer', (column) => column.notNull())
    .addColumn('last_seen', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createIndex('version_calls_by_api')
    .on('version_calls')
    .columns(['api', 'last_seen'])
    .execute()
  await schema.schema
    .createTable('plan_stage')
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('plan_stage_primary_key', ['api', 'stage', 'at'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
}
