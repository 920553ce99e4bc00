import { sql, type Kysely, type Migration } from 'kysely'

/**
 * Every step from an empty file to the schema of this version, in order of name. A step that was published is never
 * changed; there is no way back: an older program refuses a newer file.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-api-keys': { up: createApiKeys },
  '0002-quotas': { up: createQuotas },
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
  await noticeChanges(schema, 'insert')
  await noticeChanges(schema, 'update')
  await noticeChanges(schema, 'delete')
}

// In the file rather than in the program, so that no way of changing a key can leave a cache with the old one.
async function noticeChanges(schema: Kysely<unknown>, change: 'insert' | 'update' | 'delete'): Promise<void> {
  const name = `api_key_${change}_revision`
  await sql`
    create trigger ${sql.id(name)} after ${sql.raw(change)} on api_key
    begin update revision set value = value + 1 where name = 'api_key'; end`.execute(schema)
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
