import { defineProblem } from '@gateward/kernel'
import type { AnomalyRecord, Expectation } from '../../store/anomaly-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

const day = 86_400_000

/** Traffic that was not as it was, and what people say of it. */
export function anomalyRoutes({
  anomalies,
  clock,
  store,
}: AdminParts): Pick<AdminRoutes, 'listAnomalies' | 'expectAnomaly'> {
  return {
    async listAnomalies({ query: { api, limit = 100 } }) {
      const found = await anomalies.list({ api, limit })
      const expectations = await anomalies.expectations()
      return {
        body: {
          anomalies: found.map(describeAnomaly),
          expectations: expectations.map(describe),
        },
      }
    },

    async expectAnomaly({ path: { id }, body: { days, reason } }) {
      const anomaly = await store.anomalies.find(id)
      if (anomaly === undefined) return refuse(noAnomaly)
      const { measure, dimension, subject, api, observed } = anomaly
      const createdAt = clock.now()
      const terms = { reason, createdAt, until: createdAt + days * day }
      return {
        action: 'anomaly.expect',
        target: id,
        reason,
        preview: describe({ measure, dimension, subject, api, observed, ...terms }),
        async commit() {
          const body = describe(await anomalies.expect(id, { reason, life: days * day }))
          return { body, after: body }
        },
      }
    },
  }
}

function describeAnomaly({
  time,
  ...rest
}: AnomalyRecord): AdminAnswer<'listAnomalies'>['anomalies'][number] {
  return { ...rest, time: toMoment(time) }
}

function describe({ createdAt, until, ...rest }: Expectation): AdminAnswer<'expectAnomaly'> {
  return { ...rest, createdAt: toMoment(createdAt), until: toMoment(until) }
}

const noAnomaly = defineProblem('NOT_FOUND', 'there is no such anomaly, or it is no longer kept')
