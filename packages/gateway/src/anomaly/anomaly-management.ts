import { createHash } from 'node:crypto'
import { DiagnosticError, type Clock } from '@gateward/kernel'
import type {
  AnomalyPage,
  AnomalyRecord,
  AnomalyStore,
  Expectation,
  ExpectationKey,
} from '../store/anomaly-store.ts'

/** What people do with anomalies, for the command line and the admin API. */
export interface AnomalyManagement {
  list(page: AnomalyPage): Promise<readonly AnomalyRecord[]>
  /** Marks an anomaly as expected: the same is not told again unless it goes half as far again, for `life` milliseconds. */
  expect(id: string, order: { readonly reason: string; readonly life: number }): Promise<NamedExpectation>
  expectations(): Promise<readonly NamedExpectation[]>
  /** Takes an expectation back: the same is told again. */
  forget(id: string): Promise<NamedExpectation>
}

/** An expectation with a name for those who take it back. */
export interface NamedExpectation extends Expectation {
  readonly id: string
}

/** `expect` and `forget` throw a {@link DiagnosticError} where there is no such anomaly or expectation. */
export function createAnomalyManagement(store: AnomalyStore, clock: Clock): AnomalyManagement {
  const expectations = async (): Promise<readonly NamedExpectation[]> =>
    (await store.expectations(clock.now())).map(named)
  return {
    list: async (page) => store.list(page),
    async expect(id, { reason, life }) {
      const anomaly = await store.find(id)
      if (anomaly === undefined)
        throw mistake('unknown-anomaly', `there is no anomaly ${id}`, 'gateward anomalies list')
      const { measure, dimension, subject, api, observed } = anomaly
      const createdAt = clock.now()
      const expectation = {
        measure,
        dimension,
        subject,
        api,
        observed,
        reason,
        createdAt,
        until: createdAt + life,
      }
      await store.expect(expectation)
      return named(expectation)
    },
    expectations,
    async forget(id) {
      const found = (await expectations()).find((one) => one.id === id)
      if (found === undefined || !(await store.forget(found)))
        throw mistake(
          'unknown-expectation',
          `there is no expectation ${id}`,
          'gateward anomalies expectations',
        )
      return found
    },
  }
}

/** What it is about has no name of its own; a digest of it is one that a path can hold. */
function named(expectation: Expectation): NamedExpectation {
  const { measure, dimension, subject, api }: ExpectationKey = expectation
  const about = JSON.stringify([measure, dimension, subject, api])
  return { id: createHash('sha256').update(about).digest('hex').slice(0, 16), ...expectation }
}

function mistake(code: string, message: string, list: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix: `see all of them: ${list}` }])
}
