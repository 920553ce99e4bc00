import { sql, type Kysely } from 'kysely'
import { noticeChanges } from '../revision.ts'

/** The table of API keys, and of how often tables have changed. */
export async function createApiKeys(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('revision')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('api_key')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('display', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('consumer', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('tier', 'text')
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('attributes', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('active', 'disabled', 'revoked')`),
    )
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .addColumn('changed_at', 'integer', (column) => column.notNull())
    .addColumn('successor', 'text', (column) => column.references('api_key.id'))
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema.createIndex('api_key_by_age').on('api_key').columns(['created_at', 'id']).execute()
  await sql`insert into revision (name, value) values ('api_key', 0)`.execute(schema)
  await noticeChanges(schema, 'api_key', 'insert')
  await noticeChanges(schema, 'api_key', 'update')
  await noticeChanges(schema, 'api_key', 'delete')
}
