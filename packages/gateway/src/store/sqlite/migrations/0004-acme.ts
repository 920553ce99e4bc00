import { sql, type Kysely } from 'kysely'

/** The tables of ACME, and of leases. */
export async function createAcme(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('acme_account')
    .addColumn('directory', 'text', (column) => column.primaryKey().notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('acme_certificate')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('acme_challenge')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('authorization', 'text', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('lease')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}
