import { sql, type Kysely } from 'kysely'

/** What was counted in sampled traffic. */
export async function createDiscovery(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('discovery')
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('way', 'text', (column) => column.notNull())
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('detector', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('discovery_primary_key', ['api', 'operation', 'way', 'place', 'detector'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
}
