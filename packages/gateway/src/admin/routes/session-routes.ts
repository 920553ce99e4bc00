import { defineProblem } from '@gateward/kernel'
import type { AuditActor } from '../../audit/audit-event.ts'
import type { Caller } from '../access/caller.ts'
import { newAccountId } from '../access/invitations.ts'
import { Passkeys } from '../access/passkeys.ts'
import { endedSessionCookie } from '../access/session-cookie.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { known, logIn, tooManyFailures } from './log-in.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type SessionRoutes = Pick<
  AdminRoutes,
  | 'getSession'
  | 'logIn'
  | 'logOut'
  | 'changePassword'
  | 'checkInvitation'
  | 'beginInvitationPasskey'
  | 'redeemInvitation'
>

/** Logging in and out, and the first account. */
export function sessionRoutes(parts: AdminParts): SessionRoutes {
  const { audit, clock, invitations, loginLimits, oidc, passkeys, passwords, sessions, store } = parts
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

    async logOut({ caller, place }) {
      const { session, method } = known(caller)
      if (session !== undefined) await sessions.close(session)
      const provider = method === 'oidc' ? await oidc?.logOutUrl(place) : undefined
      return { body: { provider }, cookie: endedSessionCookie }
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

    async beginInvitationPasskey({ body: { code, name }, address, place }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      if (!Passkeys.workAt(place)) return refuse(noName)
      if ((await invitations.find(code)) === undefined) {
        await loginLimits.failed(undefined, address)
        return refuse(noInvitation)
      }
      return { body: await passkeys.beginRegistration(place, `new ${name}`, name, []) }
    },

    async redeemInvitation({ body: { code, name, password, passkey }, address, requestId, caller }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      if ((password === undefined) === (passkey === undefined)) return refuse(oneWay)
      // Before the work of hashing, which nobody without a link may cause.
      if ((await invitations.find(code)) === undefined) {
        await loginLimits.failed(undefined, address)
        return refuse(noInvitation)
      }
      const id = newAccountId()
      const owner = { account: id, label: 'First passkey' }
      const made = passkey && (await passkeys.finishRegistration(passkey, `new ${name}`, owner))
      if (passkey !== undefined && made === undefined) return refuse(notProved)
      const passwordHash = password === undefined ? undefined : await passwords.hash(password)
      const { outcome, account } = await invitations.redeem(code, { id, name, passwordHash, passkey: made })
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

function describe({ account, role, method, expiresAt }: Caller): AdminAnswer<'getSession'> {
  return { account: { id: account.id, name: account.name, role }, method, expiresAt: toMoment(expiresAt) }
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
const oneWay = defineProblem(
  'VALIDATION_ERROR',
  'an account begins with a password or with a passkey: send one of the two',
)
const notProved = defineProblem('UNAUTHENTICATED', 'the passkey proves nothing here; begin again')
const noName = defineProblem(
  'CONFLICT',
  'passkeys belong to a host name: open the admin address as localhost, or under a name of admin.names',
)
const nameTaken = defineProblem('CONFLICT', 'somebody has this name already; choose another one')
const notByToken = defineProblem('FORBIDDEN', 'a program has no password')
