import { sql, type Kysely } from 'kysely'

/** The audit log and the signatures of it. */
export async function createAudit(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('audit')
    .addColumn('number', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('audit_seal')
    .addColumn('number', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  for (const column of ['at', 'actor', 'action', 'target'])
    await schema.schema.createIndex(`audit_by_${column}`).on('audit').columns([column, 'number']).execute()
  for (const table of ['audit', 'audit_seal'])
    for (const change of ['update', 'delete']) await forbid(schema, table, change)
}

// Against mistakes of ours and careless hands. Who owns the file can drop it; the chain of hashes is there for them.
async function forbid(schema: Kysely<unknown>, table: string, change: string): Promise<void> {
  await sql`
    create trigger ${sql.id(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.id(table)}
    begin select raise(abort, 'the audit log is only added to'); end`.execute(schema)
}
