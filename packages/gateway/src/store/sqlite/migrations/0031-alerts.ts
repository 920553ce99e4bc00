import { sql, type Kysely } from 'kysely'

/** Alerts and silences. */
export async function createAlerts(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('alert')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull().check(sql`state in ('firing', 'resolved')`))
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('last_at', 'integer', (column) => column.notNull())
    .addColumn('resolved_at', 'integer')
    .addColumn('escalated_at', 'integer')
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('silenced', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema.createIndex('alert_by_age').on('alert').columns(['opened_at', 'id']).execute()
  await schema.schema
    .createTable('silence')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}
