import { defineProblem, DiagnosticError } from '@gateward/kernel'
import type { Account, ApiToken } from '../../store/account-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type AccountRoutes = Pick<
  AdminRoutes,
  | 'listAccounts'
  | 'getAccount'
  | 'updateAccount'
  | 'removeAccount'
  | 'createInvitation'
  | 'listTokens'
  | 'createToken'
  | 'removeToken'
>

/** People who may log in, and tokens of programs. */
export function accountRoutes(parts: AdminParts): AccountRoutes {
  const { clock, invitations, sessions, store } = parts
  const { accounts } = store
  const show = async (account: Account): Promise<AdminAnswer<'getAccount'>> =>
    describe(account, (await accounts.passkeysOf(account.id)).length)
  return {
    async listAccounts() {
      return { body: { accounts: await Promise.all((await accounts.list()).map(show)) } }
    },

    async getAccount({ path: { id } }) {
      const account = await accounts.findById(id)
      if (account === undefined) return refuse(noAccount)
      return { body: await show(account), version: versionOf(account) }
    },

    async updateAccount({ path: { id }, body: { role, enabled, reason } }) {
      const account = await accounts.findById(id)
      if (account === undefined) return refuse(noAccount)
      const change = { role: role ?? account.role, enabled: enabled ?? account.enabled }
      const before = { name: account.name, role: account.role, enabled: account.enabled }
      return {
        action: 'account.update',
        target: id,
        before,
        after: { ...before, ...change },
        reason,
        version: versionOf(account),
        preview: await show({ ...account, ...change }),
        async commit() {
          if (!(await accounts.update(id, change, clock.now()))) throw lastAdmin()
          const changed = (await accounts.findById(id)) ?? account
          return { body: await show(changed), version: versionOf(changed) }
        },
      }
    },

    async removeAccount({ path: { id }, query: { reason } }) {
      const account = await accounts.findById(id)
      if (account === undefined) return refuse(noAccount)
      return {
        action: 'account.remove',
        target: id,
        before: { name: account.name, role: account.role, enabled: account.enabled },
        reason,
        version: versionOf(account),
        preview: undefined,
        async commit() {
          if (!(await accounts.remove(id))) throw lastAdmin()
          return { body: undefined }
        },
      }
    },

    createInvitation: ({ body: { role, reason } }) => ({
      action: 'account.invite',
      target: role,
      reason,
      preview: { path: '/welcome/…', role, expiresAt: toMoment(clock.now()) },
      async commit() {
        const { code, expiresAt } = await invitations.invite(role)
        return { body: { path: `/welcome/${code}`, role, expiresAt: toMoment(expiresAt) } }
      },
    }),

    async listTokens() {
      return { body: { tokens: (await accounts.tokens()).map(describeToken) } }
    },

    createToken({ body: { label, role, days, reason }, caller }) {
      // What a token makes would outlive its own end.
      if (caller.session === undefined) return refuse(notByToken)
      const order = { label, account: caller.account.id, role, life: days * 86_400_000 }
      const { token, record } = sessions.makeToken(order)
      return {
        action: 'token.create',
        target: record.id,
        after: describeToken(record),
        reason,
        preview: { token: 'gw_admin_…', record: describeToken(record) },
        async commit() {
          await accounts.addToken(record)
          return { body: { token, record: describeToken(record) } }
        },
      }
    },

    async removeToken({ path: { id }, query: { reason } }) {
      const token = (await accounts.tokens()).find((token) => token.id === id)
      if (token === undefined) return refuse(noToken)
      return {
        action: 'token.remove',
        target: id,
        before: describeToken(token),
        reason,
        preview: undefined,
        async commit() {
          await accounts.removeToken(id)
          return { body: undefined }
        },
      }
    },
  }
}

function describe(account: Account, passkeys: number): AdminAnswer<'getAccount'> {
  const { id, name, role, enabled, passwordHash, subject, createdAt, changedAt } = account
  return {
    id,
    name,
    role,
    enabled,
    password: passwordHash !== undefined,
    passkeys,
    oidc: subject !== undefined,
    createdAt: toMoment(createdAt),
    changedAt: toMoment(changedAt),
  }
}

function describeToken(token: ApiToken): AdminAnswer<'listTokens'>['tokens'][number] {
  const { id, display, label, account, role, createdAt, expiresAt } = token
  return { id, display, label, account, role, createdAt: toMoment(createdAt), expiresAt: toMoment(expiresAt) }
}

function versionOf({ id, revision }: Account): string {
  return `${id}.${revision}`
}

function lastAdmin(): DiagnosticError {
  return new DiagnosticError([
    {
      code: 'last-admin',
      severity: 'error',
      message: 'this is the last enabled admin, and nobody could let another one in',
      fix: 'give somebody else the role admin first',
    },
  ])
}

const noAccount = defineProblem('NOT_FOUND', 'there is no such account')
const noToken = defineProblem('NOT_FOUND', 'there is no such token')
const notByToken = defineProblem('FORBIDDEN', 'a token makes no tokens; log in to make one')
