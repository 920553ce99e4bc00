import type { Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { planExceptionsOf, upstreamsOf } from '../config/configured-services.ts'
import type { ApiKeyRecord } from '../store/api-key-store.ts'
import type { Store } from '../store/store.ts'
import { listWaivers } from '../upstream/waivers.ts'
import type { Review } from './review.ts'

type Ending = Review['endings'][number]

const day = 86_400_000
const pageSize = 1_000

/** Keys, tokens, waivers and exceptions that end within the time ahead, those that end first first. */
export async function findEndings(
  store: Store,
  configuration: Configuration | undefined,
  { now, ahead, clock }: { readonly now: number; readonly ahead: number; readonly clock: Clock },
): Promise<readonly Ending[]> {
  const soon = (endsAt: number): boolean => endsAt > now && endsAt <= now + ahead
  const keys = (await readKeys(store))
    .filter(({ state, expiresAt }) => state === 'active' && soon(expiresAt))
    .map(({ id, consumer, expiresAt, successor }) =>
      ending(
        `key ${id}`,
        expiresAt,
        now,
        `of ${consumer}${successor === undefined ? '' : '; it has a successor'}`,
      ),
    )
  const tokens = (await store.accounts.tokens())
    .filter(({ expiresAt }) => soon(expiresAt))
    .map(({ id, label, expiresAt }) => ending(`token ${id}`, expiresAt, now, label))
  const waivers = listWaivers(configuration === undefined ? {} : upstreamsOf(configuration), clock)
    .filter(({ daysLeft }) => daysLeft * day <= ahead)
    .map(({ upstream, expires, reason, owner }) =>
      ending(
        `waiver ${upstream}`,
        Date.parse(`${expires}T23:59:59Z`),
        now,
        `${reason}; ${owner} answers for it`,
      ),
    )
  const exceptions = (configuration === undefined ? [] : planExceptionsOf(configuration, now))
    .filter(({ endsAt }) => soon(endsAt))
    .map(({ api, consumer, endsAt, reason, owner }) =>
      ending(`exception ${api} ${consumer}`, endsAt - 1_000, now, `${reason}; ${owner} answers for it`),
    )
  return [...keys, ...tokens, ...waivers, ...exceptions].sort((left, right) =>
    left.endsAt.localeCompare(right.endsAt),
  )
}

function ending(subject: string, endsAt: number, now: number, message: string): Ending {
  const daysLeft = Math.floor((endsAt - now) / day)
  return { subject, endsAt: new Date(endsAt).toISOString(), daysLeft, message }
}

async function readKeys(store: Store): Promise<readonly ApiKeyRecord[]> {
  const all: ApiKeyRecord[] = []
  for (;;) {
    const page = await store.apiKeys.list({ limit: pageSize, after: all.at(-1) })
    all.push(...page)
    if (page.length < pageSize) return all
  }
}
