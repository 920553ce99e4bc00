import { defineProblem } from '@gateward/kernel'
import type { ApiKeyManagement } from '../../keyring/api-key-management.ts'
import type { ApiKeyRecord } from '../../store/api-key-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes, type Change, type RouteRefusal } from './route.ts'
import { toMoment } from './to-moment.ts'

type KeyRoutes = Pick<
  AdminRoutes,
  | 'listConsumers'
  | 'listKeys'
  | 'getKey'
  | 'createKey'
  | 'rotateKey'
  | 'revokeKey'
  | 'disableKey'
  | 'enableKey'
>

type Key = AdminAnswer<'getKey'>

interface KeyCall {
  readonly path: { readonly id: string }
  readonly body: { readonly reason?: string | undefined }
}

const day = 86_400_000
const hour = 3_600_000

/** Consumers and their API keys. */
export function keyRoutes({ apiKeys, clock, running }: AdminParts): KeyRoutes {
  const show = (record: ApiKeyRecord): Key => describe(record, clock.now())
  const find = (id: string) => apiKeys.show(id).catch(() => undefined)
  const unknownTier = (tier: string | undefined) =>
    tier === undefined || Object.hasOwn(running().configuration.tiers, tier)
      ? undefined
      : refuse(defineProblem('VALIDATION_ERROR', `the configuration has no tier "${tier}"`))
  const set =
    (verb: 'revoke' | 'disable' | 'enable', state: Key['state']) =>
    async ({ path: { id }, body: { reason } }: KeyCall): Promise<Change<Key> | RouteRefusal> => {
      const before = await find(id)
      if (before === undefined) return refuse(noKey)
      if (before.state === 'revoked') return refuse(revoked)
      return {
        action: `key.${verb}`,
        target: id,
        before: show(before),
        after: { ...show(before), state },
        reason,
        preview: { ...show(before), state },
        async commit() {
          const body = show(await apiKeys[verb](id))
          return { body, after: body }
        },
      }
    }
  return {
    async listConsumers({ query: { search } }) {
      const consumers = Map.groupBy(await readAll(apiKeys), ({ consumer }) => consumer)
      const all = [...consumers].map(([consumer, keys]) => summarize(consumer, keys.map(show)))
      return { body: { consumers: all.filter(({ consumer, label }) => contains(search, consumer, label)) } }
    },

    async listKeys({ query: { consumer, state, search, limit = 200 } }) {
      const all = (await readAll(apiKeys, consumer)).map(show).reverse()
      const keys = all.filter(
        (key) =>
          (state === undefined || key.state === state) &&
          contains(search, key.id, key.display, key.consumer, key.label),
      )
      return { body: { keys: keys.slice(0, limit), total: keys.length } }
    },

    async getKey({ path: { id } }) {
      const record = await find(id)
      return record === undefined ? refuse(noKey) : { body: show(record) }
    },

    createKey({ body: { days, reason, label, ...order } }) {
      const wrong = unknownTier(order.tier)
      if (wrong !== undefined) return wrong
      const { environment } = running().configuration
      const complete = { ...order, label: label ?? order.consumer, life: days * day }
      return {
        action: 'key.create',
        target: order.consumer,
        reason,
        preview: { key: `gw_${environment}_…`, record: foresee(complete, environment, clock.now()) },
        async commit() {
          const { key, record } = await apiKeys.create(complete)
          const after = show(record)
          return { body: { key: key.reveal(), record: after }, target: record.id, after }
        },
      }
    },

    async rotateKey({ path: { id }, body: { days, overlapHours, reason } }) {
      const old = await find(id)
      if (old === undefined) return refuse(noKey)
      if (old.state !== 'active') return refuse(notActive)
      const { environment } = running().configuration
      return {
        action: 'key.rotate',
        target: id,
        before: show(old),
        reason,
        preview: {
          key: `gw_${environment}_…`,
          record: foresee({ ...old, life: days * day }, environment, clock.now()),
        },
        async commit() {
          const terms = { overlap: overlapHours * hour, life: days * day }
          const { key, record } = await apiKeys.rotate(id, terms)
          return { body: { key: key.reveal(), record: show(record) }, after: { successor: record.id } }
        },
      }
    },

    revokeKey: set('revoke', 'revoked'),
    disableKey: set('disable', 'disabled'),
    enableKey: set('enable', 'active'),
  }
}

const mostKeys = 100_000
const pageSize = 1_000

/** All keys, the oldest first. */
async function readAll(apiKeys: ApiKeyManagement, consumer?: string): Promise<readonly ApiKeyRecord[]> {
  const all: ApiKeyRecord[] = []
  while (all.length < mostKeys) {
    const after = all.at(-1)
    const page = await apiKeys.list({
      limit: pageSize,
      consumer,
      after,
    })
    all.push(...page)
    if (page.length < pageSize) break
  }
  return all
}

function describe(record: ApiKeyRecord, now: number): Key {
  const { id, display, environment, consumer, label, tier, scopes, roles, attributes, successor } = record
  return {
    id,
    display,
    environment,
    consumer,
    label,
    tier,
    scopes: [...scopes],
    roles: [...roles],
    attributes,
    state: record.state === 'active' && record.expiresAt <= now ? 'expired' : record.state,
    createdAt: toMoment(record.createdAt),
    expiresAt: toMoment(record.expiresAt),
    changedAt: toMoment(record.changedAt),
    successor,
  }
}

/** What the record of a key that is ordered would be. */
function foresee(order: Parameters<ApiKeyManagement['create']>[0], environment: string, now: number): Key {
  const { consumer, label, tier, scopes = [], roles = [], attributes = {}, life } = order
  const id = 'key_…'
  const display = `gw_${environment}_…`
  const times = { createdAt: now, expiresAt: now + life, changedAt: now }
  const rest = { hash: '', state: 'active', successor: undefined } as const
  return describe(
    { id, display, environment, consumer, label, tier, scopes, roles, attributes, ...times, ...rest },
    now,
  )
}

function summarize(
  consumer: string,
  keys: readonly Key[],
): AdminAnswer<'listConsumers'>['consumers'][number] {
  const active = keys.filter(({ state }) => state === 'active')
  const [nextExpiry] = active.map(({ expiresAt }) => expiresAt).sort()
  return {
    consumer,
    label: keys.at(-1)?.label ?? consumer,
    keys: keys.length,
    activeKeys: active.length,
    tiers: [...new Set(keys.flatMap(({ tier }) => tier ?? []))],
    nextExpiry,
  }
}

function contains(search: string | undefined, ...texts: readonly string[]): boolean {
  if (search === undefined) return true
  const needle = search.toLowerCase()
  return texts.some((text) => text.toLowerCase().includes(needle))
}

const noKey = defineProblem('NOT_FOUND', 'there is no such API key')
const revoked = defineProblem('CONFLICT', 'the key is revoked, for ever; create another one')
const notActive = defineProblem('CONFLICT', 'only an active key can be rotated')
