import type { Awaitable } from './awaitable.ts'

/**
 * Anomalies that were found, what people said is expected, and what was learned.
 *
 * The laws (anomaly-store.contract.ts, run on every adapter):
 * - an anomaly that was added is read back whole, the newest first, page after page, also after a restart;
 * - an anomaly that is not there is `undefined`;
 * - of one measure and subject there is one expectation, the last one; those that have ended are not answered;
 * - `forget` takes back exactly the expectation of that measure and subject, and says whether there was one;
 * - what was learned is what was last saved under that name, and nothing where nothing was;
 * - `deleteBefore` forgets exactly the anomalies that are older and the expectations that had ended.
 */
export interface AnomalyStore {
  add(anomaly: AnomalyRecord): Awaitable<void>
  find(id: string): Awaitable<AnomalyRecord | undefined>
  list(page: AnomalyPage): Awaitable<readonly AnomalyRecord[]>
  expect(expectation: Expectation): Awaitable<void>
  forget(about: ExpectationKey): Awaitable<boolean>
  /** The expectations that hold at a moment, milliseconds since the Unix epoch. */
  expectations(at: number): Awaitable<readonly Expectation[]>
  saveLearned(name: string, text: string): Awaitable<void>
  loadLearned(name: string): Awaitable<string | undefined>
  deleteBefore(time: number): Awaitable<void>
}

export interface AnomalyRecord {
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly measure: string
  readonly dimension: string
  readonly subject: string
  readonly api: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly observed: number
  readonly expected: number
  readonly explanation: string
}

export interface AnomalyPage {
  /** 1 to 1000. */
  readonly limit: number
  readonly api?: string | undefined
  /** The last anomaly of the page before. */
  readonly after?: Pick<AnomalyRecord, 'time' | 'id'> | undefined
}

/** What an expectation is about; there is one of each. */
export interface ExpectationKey {
  readonly measure: string
  readonly dimension: string
  readonly subject: string
  readonly api: string
}

/** Somebody said that this is as it should be. */
export interface Expectation extends ExpectationKey {
  /** How far it went when it was marked. */
  readonly observed: number
  readonly reason: string
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  readonly until: number
}
