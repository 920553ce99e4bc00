import { defineProblem } from '@gateward/kernel'
import type { AlertRecord, Silence } from '../../store/alert-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type Answer = AdminAnswer<'listAlerts'>

/** What whoever must know was told, and what is kept from them for a while. */
export function alertRoutes({
  alerts,
  clock,
}: AdminParts): Pick<AdminRoutes, 'listAlerts' | 'acknowledgeAlert' | 'silenceAlerts' | 'liftSilence'> {
  return {
    async listAlerts({ query: { state, limit = 100 } }) {
      const found = await alerts.list({ state, limit })
      const silences = await alerts.silences()
      return { body: { alerts: found.map(describe), silences: silences.map(describeSilence) } }
    },

    async acknowledgeAlert({ path: { id }, body: { note = '' }, caller: { actor } }) {
      const alert = await alerts.find(id)
      if (alert === undefined) return refuse(noAlert)
      if (alert.state === 'resolved') return refuse(isOver)
      if (alert.acknowledgement !== undefined) return refuse(isTaken(alert.acknowledgement.by))
      return {
        action: 'alert.acknowledge',
        target: `${alert.rule} ${alert.subject}`,
        reason: note === '' ? undefined : note,
        preview: describe({ ...alert, acknowledgement: { by: actor.name, at: clock.now(), note } }),
        async commit() {
          return { body: describe(await alerts.acknowledge(id, actor.name, note)) }
        },
      }
    },

    silenceAlerts({ body: { hours, ...order } }) {
      const createdAt = clock.now()
      const life = hours * 3_600_000
      const { reason } = order
      return {
        action: 'alert.silence',
        target: `${order.rule} ${order.subject}`,
        reason,
        preview: describeSilence({ id: '…', ...order, createdAt, until: createdAt + life }),
        async commit() {
          const body = describeSilence(await alerts.silence({ ...order, life }))
          return { body, after: body }
        },
      }
    },

    async liftSilence({ path: { id } }) {
      const silence = (await alerts.silences()).find((one) => one.id === id)
      if (silence === undefined) return refuse(noSilence)
      return {
        action: 'alert.unsilence',
        target: `${silence.rule} ${silence.subject}`,
        before: describeSilence(silence),
        reason: undefined,
        preview: undefined,
        async commit() {
          await alerts.lift(id)
          return { body: undefined }
        },
      }
    },
  }
}

function describe({
  openedAt,
  lastAt,
  resolvedAt,
  escalatedAt,
  acknowledgement,
  ...rest
}: AlertRecord): Answer['alerts'][number] {
  return {
    ...rest,
    details: [...rest.details],
    openedAt: toMoment(openedAt),
    lastAt: toMoment(lastAt),
    resolvedAt: resolvedAt === undefined ? undefined : toMoment(resolvedAt),
    escalatedAt: escalatedAt === undefined ? undefined : toMoment(escalatedAt),
    acknowledgement: acknowledgement && { ...acknowledgement, at: toMoment(acknowledgement.at) },
  }
}

function describeSilence({ createdAt, until, ...rest }: Silence): Answer['silences'][number] {
  return { ...rest, createdAt: toMoment(createdAt), until: toMoment(until) }
}

const noAlert = defineProblem('NOT_FOUND', 'there is no such alert')
const isOver = defineProblem('CONFLICT', 'the alert is over')
const isTaken = (by: string) => defineProblem('CONFLICT', `${by} looks after it already`)
const noSilence = defineProblem('NOT_FOUND', 'there is no such silence, or it has ended')
