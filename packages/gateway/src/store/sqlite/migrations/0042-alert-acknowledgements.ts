import type { Kysely } from 'kysely'

/** Who looks after an alert. */
export async function addAcknowledgements(schema: Kysely<unknown>): Promise<void> {
  for (const [name, type] of [
    ['acknowledged_by', 'text'],
    ['acknowledged_at', 'integer'],
    ['acknowledged_note', 'text'],
  ] as const)
    await schema.schema.alterTable('alert').addColumn(name, type).execute()
}
