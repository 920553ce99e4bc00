import { sql, type Kysely, type Selectable } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { StageStart } from '../../versions/timeline.ts'
import { mostConsumers, otherConsumers, type VersionCalls, type VersionStore } from '../version-store.ts'
import type { SqliteConnection } from './connection.ts'
import { RowSealing } from './row-sealing.ts'
import type { Schema, VersionCallsTable } from './schema.ts'

/** Calls of versions in SQLite; every method answers at once. */
export class SqliteVersionStore implements VersionStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #rows: RowSealing
  readonly #index: BlindIndex

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#rows = RowSealing.of(sealing, 'version_calls')
    this.#index = sealing.index('version_calls', 'id')
  }

  addBatch(calls: readonly VersionCalls[]): void {
    for (const each of calls) {
      if (this.#addTo(each)) continue
      const isFull = this.#count(each.api) >= mostConsumers && each.consumer !== otherConsumers
      const counted = isFull ? { ...each, consumer: otherConsumers } : each
      if (!isFull || !this.#addTo(counted)) this.#insert(counted)
    }
  }

  calls(api: string): readonly VersionCalls[] {
    const query = this.#kysely
      .selectFrom('version_calls')
      .selectAll()
      .where('api', '=', api)
      .orderBy('last_seen', 'desc')
      .limit(mostConsumers + 1)
    return this.#connection.all(query.compile()).map((row) => toCalls(this.#rows.open(row)))
  }

  forget(before: number): void {
    this.#connection.run(this.#kysely.deleteFrom('version_calls').where('last_seen', '<', before).compile())
  }

  begin(api: string, { stage, at }: StageStart): boolean {
    const query = this.#kysely
      .insertInto('plan_stage')
      .values({ api, stage, at })
      .onConflict((conflict) => conflict.doNothing())
    return this.#connection.run(query.compile()) > 0
  }

  /** False where the consumer was never seen. */
  #addTo({ api, consumer, requests, refused, firstSeen, lastSeen }: VersionCalls): boolean {
    const query = this.#kysely
      .updateTable('version_calls')
      .set({
        requests: sql<number>`requests + ${requests}`,
        refused: sql<number>`refused + ${refused}`,
        first_seen: sql<number>`min(first_seen, ${firstSeen})`,
        last_seen: sql<number>`max(last_seen, ${lastSeen})`,
      })
      .where('id', '=', this.#idOf(api, consumer))
    return this.#connection.run(query.compile()) > 0
  }

  #insert({ firstSeen, lastSeen, ...rest }: VersionCalls): void {
    const id = this.#idOf(rest.api, rest.consumer)
    const row = this.#rows.seal({ ...rest, id, first_seen: firstSeen, last_seen: lastSeen })
    const query = this.#kysely
      .insertInto('version_calls')
      .values(row)
      // Another process may have been faster.
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({
          requests: sql<number>`version_calls.requests + excluded.requests`,
          refused: sql<number>`version_calls.refused + excluded.refused`,
          last_seen: sql<number>`max(version_calls.last_seen, excluded.last_seen)`,
        }),
      )
    this.#connection.run(query.compile())
  }

  #count(api: string): number {
    const query = this.#kysely
      .selectFrom('version_calls')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('api', '=', api)
    return this.#connection.get(query.compile())?.count ?? 0
  }

  #idOf(api: string, consumer: string): string {
    return this.#index.of(JSON.stringify([api, consumer]))
  }
}

function toCalls(row: Selectable<VersionCallsTable>): VersionCalls {
  const { id: _, first_seen: firstSeen, last_seen: lastSeen, ...rest } = row
  return { ...rest, firstSeen, lastSeen }
}
