import type { Awaitable } from './awaitable.ts'

/**
 * Alerts past and present, and the silences that people asked for.
 *
 * The laws (alert-store.contract.ts, run on every adapter):
 * - an alert that was saved is read back whole, also after the store was opened again; saving its id again replaces it;
 * - `acknowledge` writes down the first who looks after a firing alert, and says so; saving the alert leaves it as it is;
 * - `list` answers the newest first, of one state where one is asked for, page after page;
 * - a silence holds from when it was added until it ends or is lifted, also for another process on the same store;
 * - lifting what is not there says so;
 * - `deleteBefore` forgets resolved alerts and ended silences that are older, and never a firing one.
 */
export interface AlertStore {
  /** Writes all of it but `acknowledgement`. */
  save(alert: AlertRecord): Awaitable<void>
  find(id: string): Awaitable<AlertRecord | undefined>
  /** Returns false where no such alert is firing, or somebody has acknowledged it already. */
  acknowledge(id: string, acknowledgement: Acknowledgement): Awaitable<boolean>
  list(page: AlertPage): Awaitable<readonly AlertRecord[]>
  addSilence(silence: Silence): Awaitable<void>
  /** The silences that hold at a moment, milliseconds since the Unix epoch; those that end first first. */
  silences(at: number): Awaitable<readonly Silence[]>
  /** Returns false where there is no such silence. */
  liftSilence(id: string): Awaitable<boolean>
  deleteBefore(time: number): Awaitable<void>
}

export type AlertSeverity = 'low' | 'medium' | 'high' | 'critical'

/** Times are milliseconds since the Unix epoch. */
export interface AlertRecord {
  readonly id: string
  readonly rule: string
  /** What it is about: an API, an upstream, a consumer. */
  readonly subject: string
  readonly severity: AlertSeverity
  readonly state: 'firing' | 'resolved'
  readonly openedAt: number
  /** When it was last seen to be true. */
  readonly lastAt: number
  readonly resolvedAt: number | undefined
  readonly escalatedAt: number | undefined
  /** How often it was seen to be true. */
  readonly count: number
  readonly summary: string
  /** Numbers and examples, a line each. */
  readonly details: readonly string[]
  /** Whether a silence kept it from people. */
  readonly silenced: boolean
  /** Who looks after it. */
  readonly acknowledgement: Acknowledgement | undefined
}

/** That somebody looks after an alert: nobody is told of it again before it is over. */
export interface Acknowledgement {
  readonly by: string
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** What they have to say; may be empty. */
  readonly note: string
}

export interface AlertPage {
  /** 1 to 1000. */
  readonly limit: number
  readonly state?: AlertRecord['state'] | undefined
  /** The last alert of the page before. */
  readonly after?: Pick<AlertRecord, 'openedAt' | 'id'> | undefined
}

/** Keeps alerts from people for a while; they are recorded all the same. */
export interface Silence {
  readonly id: string
  /** The rule, or `*` for all. */
  readonly rule: string
  /** The subject, or `*` for all. */
  readonly subject: string
  readonly createdAt: number
  readonly until: number
  readonly reason: string
}
