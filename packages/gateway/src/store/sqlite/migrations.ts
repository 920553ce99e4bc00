import { sql, type Kysely, type Migration } from 'kysely'
import { noticeChanges } from './revision.ts'

/**
 * Every step from an empty file to the schema of this version, in order of name. A step that was published is never
 * changed; there is no way back: an older program refuses a newer file.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-api-keys': { up: createApiKeys },
  '0002-quotas': { up: createQuotas },
  '0003-data-keys': { up: createDataKeys },
}

async function createApiKeys(schema: Kysely<unknown>): Promise<void> {
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

async function createQuotas(schema: Kysely<unknown>): Promise<void> {
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

async function createDataKeys(schema: Kysely<unknown>): Promise<void> {
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
