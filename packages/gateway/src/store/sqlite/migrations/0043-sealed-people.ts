import { sql, type Kysely } from 'kysely'
import type { BlindIndex } from '../../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../../keyring/sealing/sealing.ts'
import { RowSealing } from '../row-sealing.ts'

/**
 * The step that seals by whom and to whom the audit log says things were done, as whom an identity provider knows an account, and
 * about whom it was said what is expected.
 */
export async function sealPeople(schema: Kysely<unknown>, keys: () => Sealing): Promise<void> {
  const sealing = keys()
  await sealAudit(schema, sealing)
  await sealSubjects(schema, sealing)
  await sealExpectations(schema, sealing)
}

type Rows = Readonly<Record<string, string | number | null>>
type Tables = Record<string, Rows>

async function sealAudit(schema: Kysely<unknown>, sealing: Sealing): Promise<void> {
  for (const column of ['actor_key', 'target_key'])
    await schema.schema
      .alterTable('audit')
      .addColumn(column, 'text', (added) => added.notNull().defaultTo(''))
      .execute()
  await sql`drop trigger audit_no_update`.execute(schema)
  const rows = new RowSealing(sealing, {
    table: 'audit',
    row: 'number',
    columns: ['actor', 'target', 'body'],
  })
  const index = { actor: sealing.index('audit', 'actor_key'), target: sealing.index('audit', 'target_key') }
  for (let from = 0; ;) {
    const page = await database(schema)
      .selectFrom('audit')
      .selectAll()
      .where('number', '>', from)
      .orderBy('number')
      .limit(pageSize)
      .execute()
    for (const row of page) await sealAuditRow(schema, row, rows, index)
    const last = page.at(-1)
    if (last === undefined) break
    from = Number(last['number'])
  }
  for (const column of ['actor', 'target']) {
    await schema.schema.dropIndex(`audit_by_${column}`).execute()
    const columns = [`${column}_key`, 'number']
    await schema.schema.createIndex(`audit_by_${column}`).on('audit').columns(columns).execute()
  }
  // What was said stays: its hash is of the text before it was sealed. Only the key that it is sealed under may change.
  await sql`
    create trigger audit_no_update before update on audit
    when new.number is not old.number or new.at is not old.at or new.action is not old.action
      or new.hash is not old.hash or new.actor_key is not old.actor_key or new.target_key is not old.target_key
    begin select raise(abort, 'the audit log is only added to'); end`.execute(schema)
}

const pageSize = 500

async function sealAuditRow(
  schema: Kysely<unknown>,
  row: Rows,
  rows: RowSealing,
  index: { readonly actor: BlindIndex; readonly target: BlindIndex },
): Promise<void> {
  const { actor = null, target = null, body = null } = rows.seal(row)
  const actorKey = index.actor.of(String(row['actor']))
  const targetKey = index.target.of(String(row['target']))
  await database(schema)
    .updateTable('audit')
    .set({ actor, target, body, actor_key: actorKey, target_key: targetKey })
    .where('number', '=', row['number'] ?? null)
    .execute()
}

async function sealSubjects(schema: Kysely<unknown>, sealing: Sealing): Promise<void> {
  await schema.schema.alterTable('account').addColumn('subject_key', 'text').execute()
  const rows = new RowSealing(sealing, { table: 'account', row: 'id', columns: ['subject'] })
  const index = sealing.index('account', 'subject_key')
  for (const row of await database(schema).selectFrom('account').selectAll().execute()) {
    const { subject } = row
    if (typeof subject !== 'string') continue
    await database(schema)
      .updateTable('account')
      .set({ subject: rows.seal(row)['subject'] ?? null, subject_key: index.of(subject) })
      .where('id', '=', row['id'] ?? null)
      .execute()
  }
  const unique = schema.schema.createIndex('account_by_subject').on('account').column('subject_key').unique()
  await unique.execute()
}

async function sealExpectations(schema: Kysely<unknown>, sealing: Sealing): Promise<void> {
  const before = await database(schema).selectFrom('expectation').selectAll().execute()
  await schema.schema.dropTable('expectation').execute()
  let table = schema.schema
    .createTable('expectation')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
  for (const name of ['measure', 'dimension', 'subject', 'api', 'reason'])
    table = table.addColumn(name, 'text', (column) => column.notNull())
  await table
    .addColumn('observed', 'real', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  const rows = new RowSealing(sealing, { table: 'expectation', row: 'id', columns: ['subject', 'reason'] })
  const index = sealing.index('expectation', 'id')
  for (const { measure = '', dimension = '', subject = '', api = '', ...rest } of before) {
    const id = index.of(JSON.stringify([measure, dimension, subject, api]))
    const row = rows.seal<Rows>({ ...rest, id, measure, dimension, subject, api })
    await database(schema).insertInto('expectation').values(row).execute()
  }
}

function database(schema: Kysely<unknown>): Kysely<Tables> {
  return schema.withTables<Tables>()
}
