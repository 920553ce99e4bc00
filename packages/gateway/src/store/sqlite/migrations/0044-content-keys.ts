import { sql, type Kysely } from 'kysely'
import { createSecretKey, randomBytes } from 'node:crypto'
import type { Sealing } from '../../../keyring/sealing/sealing.ts'
import { SealedNames } from '../../../keyring/sealing/sealed-names.ts'
import { RowSealing } from '../row-sealing.ts'

/** The step that makes the table of content keys, and seals the names of people among the rollups of past traffic. */
export async function createContentKeys(schema: Kysely<unknown>, keys: () => Sealing): Promise<void> {
  await schema.schema
    .createTable('content_key')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  const database = schema.withTables<Tables>()
  const people = await database
    .selectFrom('rollup')
    .select(['dimension', 'name'])
    .where('dimension', 'in', personal)
    .distinct()
    .execute()
  if (people.length === 0) return
  const key = randomBytes(64)
  const rows = new RowSealing(keys(), { table: 'content_key', row: 'name', columns: ['key'] })
  await database
    .insertInto('content_key')
    .values(rows.seal({ name: 'rollup names', key: key.toString('base64') }))
    .execute()
  await sealNames(schema, people, new SealedNames(createSecretKey(key), 'rollup', 'name'))
}

const personal = ['consumer', 'address']

interface Person {
  readonly dimension: string
  readonly name: string
}

type Tables = {
  readonly content_key: { readonly name: string; readonly key: string }
  readonly rollup: Person
  readonly sealed_person: Person & { readonly sealed: string }
}

// By a table of its own: there are as many rows as minutes, and no index by which one name's could be found.
async function sealNames(
  schema: Kysely<unknown>,
  people: readonly Person[],
  names: SealedNames,
): Promise<void> {
  const database = schema.withTables<Tables>()
  await schema.schema
    .createTable('sealed_person')
    .addColumn('dimension', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sealed_person_primary_key', ['dimension', 'name'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  for (const { dimension, name } of people)
    await database
      .insertInto('sealed_person')
      .values({ dimension, name, sealed: names.seal(dimension, name) })
      .execute()
  await database
    .updateTable('rollup')
    .set((expression) => ({
      name: expression
        .selectFrom('sealed_person')
        .select('sealed')
        .whereRef('sealed_person.dimension', '=', 'rollup.dimension')
        .whereRef('sealed_person.name', '=', 'rollup.name')
        .$asScalar()
        .$notNull(),
    }))
    .where('dimension', 'in', personal)
    .execute()
  await schema.schema.dropTable('sealed_person').execute()
}
