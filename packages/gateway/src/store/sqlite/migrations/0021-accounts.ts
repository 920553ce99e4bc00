import { sql, type CreateTableBuilder, type Kysely } from 'kysely'

/** The people of the admin address, and what they log in with. */
export async function createAccounts(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull().check(isRole))
    .addColumn('enabled', 'integer', (column) => column.notNull().check(sql`enabled in (0, 1)`))
    .addColumn('password_hash', 'text')
    .addColumn('subject', 'text', (column) => column.unique())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('changed_at', 'integer', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('invitation')
    .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('welcome', 'invited')`))
    .addColumn('role', 'text', (column) => column.notNull().check(isRole))
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .addColumn('used_at', 'integer')
    .modifyEnd(sql`strict`)
    .execute()
  await ownedBy(schema.schema.createTable('passkey'), 'id')
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('counter', 'integer', (column) => column.notNull())
    .addColumn('transports', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('used_at', 'integer')
    .modifyEnd(sql`strict`)
    .execute()
  await ownedBy(schema.schema.createTable('admin_session'), 'hash')
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('used_at', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await ownedBy(schema.schema.createTable('admin_token'), 'id')
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('display', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull().check(isRole))
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  for (const table of ['passkey', 'admin_session', 'admin_token'])
    await schema.schema.createIndex(`${table}_by_account`).on(table).column('account').execute()
}

const isRole = sql`role in ('viewer', 'operator', 'security', 'admin')`

/** What goes with its account, by a key of its own. */
function ownedBy<Table extends string>(
  table: CreateTableBuilder<Table>,
  key: string,
): CreateTableBuilder<Table, string> {
  return table
    .addColumn(key, 'text', (column) => column.primaryKey().notNull())
    .addColumn('account', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
}
