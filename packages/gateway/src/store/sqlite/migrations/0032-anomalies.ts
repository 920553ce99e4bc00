import { sql, type Kysely } from 'kysely'

/** Anomalies, what is expected, and what was learned. */
export async function createAnomalies(schema: Kysely<unknown>): Promise<void> {
  let anomalies = schema.schema
    .createTable('anomaly')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('time', 'integer', (column) => column.notNull())
  for (const name of ['measure', 'dimension', 'subject', 'api', 'severity'] as const)
    anomalies = anomalies.addColumn(name, 'text', (column) => column.notNull())
  await anomalies
    .addColumn('observed', 'real', (column) => column.notNull())
    .addColumn('expected', 'real', (column) => column.notNull())
    .addColumn('explanation', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema.createIndex('anomaly_by_age').on('anomaly').columns(['time', 'id']).execute()
  await schema.schema
    .createTable('expectation')
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('dimension', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('observed', 'real', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('expectation_primary_key', ['measure', 'dimension', 'subject', 'api'])
    .modifyEnd(sql`strict`)
    .execute()
  await schema.schema
    .createTable('learned')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}
