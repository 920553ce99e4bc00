import { defineProblem } from '@gateward/kernel'
import type { History } from '../../history/history.ts'
import { createTiers } from '../../limiter/tiers.ts'
import type { RollupDimension } from '../../store/history-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { describeRange, describeRefusals, readRange, type Range } from './time-range.ts'
import { toMoment } from './to-moment.ts'

type TrafficRoutes = Pick<AdminRoutes, 'getOverview' | 'getTraffic' | 'getTop' | 'getLimits'>

type Overview = AdminAnswer<'getOverview'>

/** What traffic is like, and who is near a limit. */
export function trafficRoutes({ clock, history, limiter, running }: AdminParts): TrafficRoutes {
  const top = (range: Range, dimension: RollupDimension, limit: number) =>
    history.top({ ...range, dimension, limit }).then((names) => [...names])
  return {
    async getOverview({ query }) {
      const range = readRange(query, clock.now())
      if (range === undefined) return refuse(badRange)
      const [points, refusals, totals, apis, operations, consumers, addresses, countries] = await Promise.all(
        [
          history.traffic(range),
          history.refusals(range),
          top(range, 'all', 1),
          top(range, 'api', 20),
          top(range, 'operation', 10),
          top(range, 'consumer', 10),
          top(range, 'address', 10),
          top(range, 'country', 250),
        ],
      )
      return {
        body: {
          ...describeRange(range),
          totals: totalsOf(totals[0]),
          traffic: points.map(describePoint),
          refusals: refusals.map(describeRefusals),
          apis,
          operations,
          consumers,
          addresses,
          countries,
        },
      }
    },

    async getTraffic({ query: { api, operation, ...query } }) {
      const range = readRange(query, clock.now())
      if (range === undefined) return refuse(badRange)
      const points = await history.traffic({ ...range, api, operation })
      return { body: { ...describeRange(range), points: points.map(describePoint) } }
    },

    async getTop({ query: { dimension, limit = 20, ...query } }) {
      const range = readRange(query, clock.now())
      return range === undefined ? refuse(badRange) : { body: { names: await top(range, dimension, limit) } }
    },

    getLimits({ query: { limit = 100 } }) {
      const tiers = createTiers(running().configuration.tiers).all()
      const uses = limiter.describe(1_000).filter(({ policy }) => !policy.startsWith('admin-'))
      return {
        body: {
          tiers: tiers.map(({ name, policies, concurrency }) => ({
            name,
            policies: policies.map(({ name, limit, window, algorithm }) => ({
              name,
              limit,
              windowSeconds: window / 1_000,
              kind: algorithm,
            })),
            concurrency,
          })),
          uses: uses.slice(0, limit).map(({ policy, key, limit, remaining }) => ({
            policy,
            key,
            limit,
            remaining,
            used: limit === 0 ? 1 : (limit - remaining) / limit,
          })),
        },
      }
    },
  }
}

function describePoint(point: Awaited<ReturnType<History['traffic']>>[number]): Overview['traffic'][number] {
  return { ...point, start: toMoment(point.start) }
}

function totalsOf(all: Awaited<ReturnType<History['top']>>[number] | undefined): Overview['totals'] {
  const { name: _name, ...counts } = all ?? { name: '', ...nothing }
  return counts
}

const nothing = {
  requests: 0,
  refused: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  bytesIn: 0,
  bytesOut: 0,
}

const badRange = defineProblem(
  'VALIDATION_ERROR',
  '`from` must be before `to`, at most 400 days, and `step` such that there are at most 2000 points',
)
