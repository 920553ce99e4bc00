import { defineProblem } from '@gateward/kernel'
import type { Passkey } from '../../store/account-store.ts'
import { Passkeys } from '../access/passkeys.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { logIn, ownAccount, tooManyFailures } from './log-in.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type PasskeyRoutes = Pick<
  AdminRoutes,
  'beginPasskeyLogin' | 'logInWithPasskey' | 'listPasskeys' | 'beginPasskey' | 'addPasskey' | 'removePasskey'
>

/** Logging in with passkeys, and those of the own account. */
export function passkeyRoutes(parts: AdminParts): PasskeyRoutes {
  const { audit, loginLimits, passkeys, store } = parts
  const { accounts } = store
  return {
    async beginPasskeyLogin({ place }) {
      return Passkeys.workAt(place) ? { body: await passkeys.beginLogin(place) } : refuse(noName)
    },

    async logInWithPasskey({ body, address, requestId, caller }) {
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      const id = await passkeys.finishLogin(body)
      const account = id === undefined ? undefined : await accounts.findById(id)
      if (account?.enabled !== true) {
        await loginLimits.failed(undefined, address)
        return refuse(notProved)
      }
      return logIn(parts, account, 'passkey', { address, requestId, caller })
    },

    async listPasskeys({ caller }) {
      const found = await accounts.passkeysOf(ownAccount(caller).id)
      return { body: { passkeys: found.map(describe) } }
    },

    async beginPasskey({ caller, place }) {
      if (!Passkeys.workAt(place)) return refuse(noName)
      const { id, name } = ownAccount(caller)
      if (caller?.session === undefined) return refuse(notByToken)
      return { body: await passkeys.beginRegistration(place, id, name, await accounts.passkeysOf(id)) }
    },

    async addPasskey({ body: { label, ...answer }, caller, requestId }) {
      const { id } = ownAccount(caller)
      const passkey = await passkeys.finishRegistration(answer, id, { account: id, label })
      if (passkey === undefined) return refuse(notProved)
      if ((await accounts.findPasskey(passkey.id)) !== undefined) return refuse(taken)
      await accounts.addPasskey(passkey)
      if (caller !== undefined)
        await audit.record({
          actor: caller.actor,
          action: 'passkey.add',
          target: id,
          after: { label },
          outcome: 'done',
          requestId,
        })
      return { body: describe(passkey) }
    },

    async removePasskey({ path, caller, requestId }) {
      const account = ownAccount(caller)
      const all = await accounts.passkeysOf(account.id)
      const found = all.find(({ id }) => id === path.id)
      if (found === undefined) return refuse(noPasskey)
      if (account.passwordHash === undefined && account.subject === undefined && all.length === 1)
        return refuse(lastWay)
      await accounts.removePasskey(account.id, path.id)
      if (caller !== undefined)
        await audit.record({
          actor: caller.actor,
          action: 'passkey.remove',
          target: account.id,
          before: { label: found.label },
          outcome: 'done',
          requestId,
        })
      return { body: undefined }
    },
  }
}

function describe({ id, label, createdAt, usedAt }: Passkey): AdminAnswer<'addPasskey'> {
  return {
    id,
    label,
    createdAt: toMoment(createdAt),
    usedAt: usedAt === undefined ? undefined : toMoment(usedAt),
  }
}

const noName = defineProblem(
  'CONFLICT',
  'passkeys belong to a host name: open the admin address as localhost, or under a name of admin.names',
)
const notProved = defineProblem('UNAUTHENTICATED', 'the passkey proves nothing here; begin again')
const notByToken = defineProblem('FORBIDDEN', 'a program has no passkey')
const taken = defineProblem('CONFLICT', 'this passkey belongs to an account already')
const noPasskey = defineProblem('NOT_FOUND', 'the account has no such passkey')
const lastWay = defineProblem(
  'CONFLICT',
  'without it nobody could log in to this account; set a password first',
)
