import { sql, type Kysely, type Selectable } from 'kysely'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { Acknowledgement, AlertPage, AlertRecord, AlertStore, Silence } from '../alert-store.ts'
import type { SqliteConnection } from './connection.ts'
import { RowSealing } from './row-sealing.ts'
import type { AlertTable, Schema, SilenceTable } from './schema.ts'

/** Alerts in SQLite; every method answers at once. */
export class SqliteAlertStore implements AlertStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #alerts: RowSealing
  readonly #silences: RowSealing

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#alerts = RowSealing.of(sealing, 'alert')
    this.#silences = RowSealing.of(sealing, 'silence')
  }

  save(alert: AlertRecord): void {
    const row = this.#alerts.seal(toRow(alert))
    const { id: _, ...changes } = row
    const query = this.#kysely
      .insertInto('alert')
      .values({ ...row, acknowledged_by: null, acknowledged_at: null, acknowledged_note: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
    this.#connection.run(query.compile())
  }

  find(id: string): AlertRecord | undefined {
    const query = this.#kysely.selectFrom('alert').selectAll().where('id', '=', id)
    const row = this.#connection.get(query.compile())
    return row === undefined ? undefined : toRecord(this.#alerts.open(row))
  }

  acknowledge(id: string, { by, at, note }: Acknowledgement): boolean {
    const row = this.#alerts.seal({ id, acknowledged_by: by, acknowledged_at: at, acknowledged_note: note })
    const { id: _, ...changes } = row
    const query = this.#kysely
      .updateTable('alert')
      .set(changes)
      .where('id', '=', id)
      .where('state', '=', 'firing')
      .where('acknowledged_at', 'is', null)
    return this.#connection.run(query.compile()) === 1
  }

  list({ limit, state, after }: AlertPage): readonly AlertRecord[] {
    let query = this.#kysely
      .selectFrom('alert')
      .selectAll()
      .orderBy('opened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    if (state !== undefined) query = query.where('state', '=', state)
    if (after !== undefined)
      query = query.where(sql<boolean>`(opened_at, id) < (${after.openedAt}, ${after.id})`)
    return this.#connection.all(query.compile()).map((row) => toRecord(this.#alerts.open(row)))
  }

  addSilence(silence: Silence): void {
    const { createdAt, ...rest } = silence
    const row = this.#silences.seal({ ...rest, created_at: createdAt })
    const query = this.#kysely.insertInto('silence').values(row)
    this.#connection.run(query.compile())
  }

  silences(at: number): readonly Silence[] {
    const query = this.#kysely
      .selectFrom('silence')
      .selectAll()
      .where('until', '>', at)
      .where('created_at', '<=', at)
      .orderBy('until')
      .orderBy('id')
    return this.#connection.all(query.compile()).map((row) => toSilence(this.#silences.open(row)))
  }

  liftSilence(id: string): boolean {
    return this.#connection.run(this.#kysely.deleteFrom('silence').where('id', '=', id).compile()) === 1
  }

  deleteBefore(time: number): void {
    const alerts = this.#kysely
      .deleteFrom('alert')
      .where('state', '=', 'resolved')
      .where('last_at', '<', time)
    const silences = this.#kysely.deleteFrom('silence').where('until', '<', time)
    this.#connection.transaction(() => {
      this.#connection.run(alerts.compile())
      this.#connection.run(silences.compile())
    })
  }
}

const maximumPage = 1_000

type SavedColumns = Omit<Selectable<AlertTable>, 'acknowledged_by' | 'acknowledged_at' | 'acknowledged_note'>

function toRow(alert: AlertRecord): SavedColumns {
  return {
    id: alert.id,
    rule: alert.rule,
    subject: alert.subject,
    severity: alert.severity,
    state: alert.state,
    opened_at: alert.openedAt,
    last_at: alert.lastAt,
    resolved_at: alert.resolvedAt ?? null,
    escalated_at: alert.escalatedAt ?? null,
    count: alert.count,
    summary: alert.summary,
    details: JSON.stringify(alert.details),
    silenced: alert.silenced ? 1 : 0,
  }
}

function toRecord(row: Selectable<AlertTable>): AlertRecord {
  return {
    id: row.id,
    rule: row.rule,
    subject: row.subject,
    severity: row.severity,
    state: row.state,
    openedAt: row.opened_at,
    lastAt: row.last_at,
    resolvedAt: row.resolved_at ?? undefined,
    escalatedAt: row.escalated_at ?? undefined,
    count: row.count,
    summary: row.summary,
    details: JSON.parse(row.details) as readonly string[],
    silenced: row.silenced === 1,
    acknowledgement: toAcknowledgement(row),
  }
}

function toAcknowledgement(row: Selectable<AlertTable>): Acknowledgement | undefined {
  const { acknowledged_by: by, acknowledged_at: at, acknowledged_note: note } = row
  return by === null || at === null ? undefined : { by, at, note: note ?? '' }
}

function toSilence({ created_at: createdAt, ...rest }: Selectable<SilenceTable>): Silence {
  return { ...rest, createdAt }
}
