import { Fault } from '@gateward/kernel'
import { Migrator, type Kysely, type Migration, type MigrationResultSet } from 'kysely'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import { lastStepWithoutKeys, migrations } from './migrations.ts'
import type { Schema } from './schema.ts'

/**
 * Brings the tables so far that the data keys can be read, in one transaction.
 *
 * @throws Fault `STORE_NEWER` where the file has steps that this program does not know; nothing is changed then
 */
export async function migrateKeys(kysely: Kysely<Schema>): Promise<void> {
  const applied = await appliedSteps(kysely)
  refuseNewer(applied)
  if (applied.includes(lastStepWithoutKeys)) return
  const migrator = createMigrator(kysely, () => {
    throw new Error('a step before the data keys needs them')
  })
  assertDone(await migrator.migrateTo(lastStepWithoutKeys))
}

/** Brings the tables up to date, all steps in one transaction; says whether any was taken. */
export async function migrate(kysely: Kysely<Schema>, sealing: Sealing): Promise<boolean> {
  return assertDone(await createMigrator(kysely, () => sealing).migrateToLatest())
}

function createMigrator(kysely: Kysely<Schema>, sealing: () => Sealing): Migrator {
  const steps = Object.entries(migrations).map(([name, step]): [string, Migration] => [
    name,
    { up: (schema) => step(schema, sealing) },
  ])
  return new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(steps)) },
  })
}

function assertDone({ error, results = [] }: MigrationResultSet): boolean {
  if (error === undefined) return results.length > 0
  throw new Fault('STORE_UNAVAILABLE', 'the tables of the store cannot be brought up to date', {
    source: 'gateway',
    cause: error,
  })
}

function refuseNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !(name in migrations))
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
