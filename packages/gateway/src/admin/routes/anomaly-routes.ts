import { defineProblem } from '@gateward/kernel'
import type { NamedExpectation } from '../../anomaly/anomaly-management.ts'
import type { AnomalyRecord } from '../../store/anomaly-store.ts'
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
}: AdminParts): Pick<AdminRoutes, 'listAnomalies' | 'expectAnomaly' | 'forgetExpectation'> {
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
        preview: describe({ id: '…', measure, dimension, subject, api, observed, ...terms }),
        async commit() {
          const body = describe(await anomalies.expect(id, { reason, life: days * day }))
          return { body, after: body }
        },
      }
    },

    async forgetExpectation({ path: { id } }) {
      const expectation = (await anomalies.expectations()).find((one) => one.id === id)
      if (expectation === undefined) return refuse(noExpectation)
      return {
        action: 'anomaly.forget',
        target: id,
        before: describe(expectation),
        reason: undefined,
        preview: undefined,
        async commit() {
          await anomalies.forget(id)
          return { body: undefined }
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

function describe({ createdAt, until, ...rest }: NamedExpectation): AdminAnswer<'expectAnomaly'> {
  return { ...rest, createdAt: toMoment(createdAt), until: toMoment(until) }
}

const noExpectation = defineProblem('NOT_FOUND', 'there is no such expectation, or it has ended')
const noAnomaly = defineProblem('NOT_FOUND', 'there is no such anomaly, or it is no longer kept')
