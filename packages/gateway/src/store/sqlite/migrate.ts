import { Fault } from '@gateward/kernel'
import { Migrator, type Kysely } from 'kysely'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'

/**
 * Brings the tables up to date, all steps in one transaction.
 *
 * @throws Fault `STORE_NEWER` where the file has steps that this program does not know; nothing is changed then
 */
export async function migrate(kysely: Kysely<Schema>): Promise<void> {
  await refuseNewer(kysely)
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined)
    throw new Fault('STORE_UNAVAILABLE', 'the tables of the store cannot be brought up to date', {
      source: 'gateway',
      cause: error,
    })
}

async function refuseNewer(kysely: Kysely<Schema>): Promise<void> {
  const unknown = (await appliedSteps(kysely)).filter((name) => !(name in migrations))
  if (unknown.length === 0) return
  throw new Fault(
    'STORE_NEWER',
    `the store was written by a newer version of Gateward (${unknown.join(', ')}); start that version, ` +
      'or restore a backup made before the update',
    { source: 'gateway' },
  )
}

async function appliedSteps(kysely: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === stepTable)) return []
  const rows = await kysely.withTables<StepTables>().selectFrom(stepTable).select('name').execute()
  return rows.map((row) => row.name)
}

// The table in which kysely's Migrator notes the steps it has taken.
const stepTable = 'kysely_migration'

type StepTables = { kysely_migration: { name: string } }
