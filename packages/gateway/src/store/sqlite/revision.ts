import { sql, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** How often the things of a name (its one parameter) have changed. */
export function revisionQuery(kysely: Kysely<Schema>): string {
  return kysely.selectFrom('revision').select('value').where('name', '=', '').compile().sql
}

/**
 * Lets the revision of a table rise by itself. In the file rather than in the program, so that no way of changing a row
 * can leave a cache with the old one.
 *
 * @param change when: `insert`, `delete`, `update`, or `update of` some columns
 */
export async function noticeChanges(schema: Kysely<unknown>, table: string, change: string): Promise<void> {
  const name = `${table}_${change.split(' ')[0]}_revision`
  await sql`
    create trigger ${sql.id(name)} after ${sql.raw(change)} on ${sql.table(table)}
    begin update revision set value = value + 1 where name = ${sql.lit(table)}; end`.execute(schema)
}
