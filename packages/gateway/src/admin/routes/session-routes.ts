import { defineProblem } from '@gateward/kernel'
import type { AuditActor } from '../../audit/audit-event.ts'
import type { Account, SessionRecord } from '../../store/account-store.ts'
import type { Caller } from '../access/caller.ts'
import { endedSessionCookie, writeSessionCookie } from '../access/session-cookie.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes, type RouteAnswer, type RouteRefusal } from './route.ts'
import { toMoment } from './to-moment.ts'

type SessionAnswer = RouteAnswer<AdminAnswer<'getSession'>>

type SessionRoutes = Pick<
  AdminRoutes,
  'getSession' | 'logIn' | 'logOut' | 'changePassword' | 'checkInvitation' | 'redeemInvitation'
>

/** Logging in and out, and the first account. */
export function sessionRoutes(parts: AdminParts): SessionRoutes {
  const { audit, clock, invitations, loginLimits, passwords, sessions, store } = parts
  return {
    getSession: ({ caller }) => ({ body: describe(known(caller)) }),

    async logIn({ body: { name, password }, address, caller, requestId }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      const account = await store.accounts.findByName(name)
      const isLocked = await loginLimits.isLocked(name, address)
      const hash = account?.enabled === true ? account.passwordHash : undefined
      const isRight = await passwords.verify(password, hash)
      if (account === undefined || !isRight || isLocked) {
        await loginLimits.failed(name, address)
        const actor: AuditActor = { name: 'somebody', kind: 'account', address }
        await audit.record({ actor, action: 'session.open', target: name, outcome: 'refused', requestId })
        return refuse(wrongPassword)
      }
      return logIn(parts, account, 'password', { address, requestId, caller })
    },

    async logOut({ caller }) {
      const { session } = known(caller)
      if (session !== undefined) await sessions.close(session)
      return { body: undefined, cookie: endedSessionCookie }
    },

    async changePassword({ body: { current, next }, caller, address, requestId }) {
      const { account, session, actor } = known(caller)
      if (session === undefined) return refuse(notByToken)
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      const isRight =
        account.passwordHash === undefined || (await passwords.verify(current ?? '', account.passwordHash))
      if (!isRight) {
        await loginLimits.failed(account.name, address)
        return refuse(wrongPassword)
      }
      const passwordHash = await passwords.hash(next)
      await store.accounts.update(account.id, { passwordHash }, clock.now())
      await audit.record({
        actor,
        action: 'account.password',
        target: account.id,
        outcome: 'done',
        requestId,
      })
      const changed = (await store.accounts.findById(account.id)) ?? account
      return logIn(parts, changed, 'password', { address, requestId, caller: undefined })
    },

    async checkInvitation({ body: { code }, address }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      const invitation = await invitations.find(code)
      if (invitation === undefined) {
        await loginLimits.failed(undefined, address)
        return refuse(noInvitation)
      }
      const { kind, role, expiresAt } = invitation
      return { body: { kind, role, expiresAt: toMoment(expiresAt) } }
    },

    async redeemInvitation({ body: { code, name, password }, address, requestId, caller }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      // Before the work of hashing, which nobody without a link may cause.
      if ((await invitations.find(code)) === undefined) {
        await loginLimits.failed(undefined, address)
        return refuse(noInvitation)
      }
      const passwordHash = await passwords.hash(password)
      const { outcome, account } = await invitations.redeem(code, { name, passwordHash })
      if (account === undefined) return refuse(outcome === 'name-taken' ? nameTaken : noInvitation)
      const actor: AuditActor = { name, kind: 'account', id: account.id, role: account.role, address }
      const after = { name, role: account.role }
      await audit.record({
        actor,
        action: 'account.create',
        target: account.id,
        after,
        outcome: 'done',
        requestId,
      })
      return logIn(parts, account, 'invitation', { address, requestId, caller })
    },
  }
}

/** Opens a session, and ends the one that the browser had. */
async function logIn(
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

function describe({ account, role, method, expiresAt }: Caller): AdminAnswer<'getSession'> {
  return { account: { id: account.id, name: account.name, role }, method, expiresAt: toMoment(expiresAt) }
}

function known(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('the operation is open to sessions alone')
  return caller
}

function tooManyFailures(seconds: number): RouteRefusal {
  return refuse(
    defineProblem('RATE_LIMITED', 'too many failed attempts from this address', {
      headers: [['retry-after', String(seconds)]],
    }),
  )
}

// One answer for an unknown name, a wrong password, a disabled account and a locked name.
const wrongPassword = defineProblem(
  'UNAUTHENTICATED',
  'name and password do not belong together, or wait a while',
)
const noInvitation = defineProblem(
  'NOT_FOUND',
  'the link is unknown, used or over; `gateward admin invite` makes another one',
)
const nameTaken = defineProblem('CONFLICT', 'somebody has this name already; choose another one')
const notByToken = defineProblem('FORBIDDEN', 'a program has no password')
