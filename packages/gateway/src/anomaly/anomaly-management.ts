import { DiagnosticError, type Clock } from '@gateward/kernel'
import type { AnomalyPage, AnomalyRecord, AnomalyStore, Expectation } from '../store/anomaly-store.ts'

/** What people do with anomalies, for the command line and the admin API. */
export interface AnomalyManagement {
  list(page: AnomalyPage): Promise<readonly AnomalyRecord[]>
  /** Marks an anomaly as expected: the same is not told again unless it goes half as far again, for `life` milliseconds. */
  expect(id: string, order: { readonly reason: string; readonly life: number }): Promise<Expectation>
  expectations(): Promise<readonly Expectation[]>
}

/** `expect` throws a {@link DiagnosticError} where there is no such anomaly. */
export function createAnomalyManagement(store: AnomalyStore, clock: Clock): AnomalyManagement {
  return {
    list: async (page) => store.list(page),
    async expect(id, { reason, life }) {
      const anomaly = await store.find(id)
      if (anomaly === undefined)
        throw new DiagnosticError([
          {
            code: 'unknown-anomaly',
            severity: 'error',
            message: `there is no anomaly ${id}`,
            fix: 'see all of them: gateward anomalies list',
          },
        ])
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
      return expectation
    },
    expectations: async () => store.expectations(clock.now()),
  }
}
