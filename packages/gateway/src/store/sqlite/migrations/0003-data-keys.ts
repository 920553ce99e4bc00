import { sql, type Kysely } from 'kysely'
import { noticeChanges } from '../revision.ts'

/** The tables of data keys and of what happened to them. */
export async function createDataKeys(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('data_key')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('active', 'decrypt-only', 'retired', 'destroyed')`),
    )
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('changed_at', 'integer', (column) => column.notNull())
    .addColumn('used_at', 'integer')
    .addColumn('messages', 'integer', (column) => column.notNull().check(sql`messages >= 0`))
    .addColumn('wrapped', 'text', (column) => column.check(sql`(wrapped is null) = (state = 'destroyed')`))
    .addColumn('kek', 'text', (column) => column.notNull())
    .addColumn('public_key', 'text')
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createIndex('data_key_active')
    .on('data_key')
    .column('purpose')
    .unique()
    .where(sql.ref('state'), '=', sql.lit('active'))
    .execute()
  await schema.schema
    .createTable('data_key_event')
    .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement().notNull())
    .addColumn('key_id', 'text', (column) => column.notNull().references('data_key.id'))
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await sql`insert into revision (name, value) values ('data_key', 0)`.execute(schema)
  await noticeChanges(schema, 'data_key', 'insert')
  // Not of counts: they change all the time, and nobody need read the keys again for them.
  await noticeChanges(schema, 'data_key', 'update of state, wrapped')
}
