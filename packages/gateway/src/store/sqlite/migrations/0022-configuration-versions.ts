import { sql, type Kysely } from 'kysely'

/** Every configuration that ran, as it was written. */
export async function createConfigurationVersions(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('configuration_version')
    .addColumn('number', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('text', 'text')
    .modifyEnd(sql`strict`)
    .execute()
}
