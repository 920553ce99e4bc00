import { defineProblem } from '@gateward/kernel'
import type { Account, SessionRecord } from '../../store/account-store.ts'
import type { Caller } from '../access/caller.ts'
import { writeSessionCookie } from '../access/session-cookie.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type RouteAnswer, type RouteRefusal } from './route.ts'
import { toMoment } from './to-moment.ts'

/** Who is logged in, and the cookie that says so. */
export type SessionAnswer = RouteAnswer<AdminAnswer<'getSession'>>

/** Opens a session, and ends the one that the browser had. */
export async function logIn(
  { audit, sessions }: AdminParts,
  account: Account,
  method: SessionRecord['method'],
  from: { readonly address: string; readonly requestId: string; readonly caller: Caller | undefined },
): Promise<SessionAnswer> {
  if (from.caller?.session !== undefined) await sessions.close(from.caller.session)
  const { value, record, seconds } = await sessions.open(account, method)
  const { id, name, role } = account
  await audit.record({
    actor: { name, kind: 'account', id, role, address: from.address },
    action: 'session.open',
    target: name,
    after: { method },
    outcome: 'done',
    requestId: from.requestId,
  })
  return {
    body: { account: { id, name, role }, method, expiresAt: toMoment(record.expiresAt) },
    cookie: writeSessionCookie(value, seconds),
  }
}

/** Who calls an operation that is open to sessions alone. */
export function known(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('the operation is open to sessions alone')
  return caller
}

/** The account of whoever calls an operation that is open to sessions alone. */
export function ownAccount(caller: Caller | undefined): Account {
  return known(caller).account
}

/** So many attempts failed from there that nothing is tried for a while. */
export function tooManyFailures(seconds: number): RouteRefusal {
  return refuse(
    defineProblem('RATE_LIMITED', 'too many failed attempts from this address', {
      headers: [['retry-after', String(seconds)]],
    }),
  )
}
