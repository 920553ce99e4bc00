import { defineProblem, toFault } from '@gateward/kernel'
import type { AuditActor } from '../../audit/audit-event.ts'
import { admit, type Admission, type RefusedAdmission } from '../access/oidc/admit.ts'
import type { AdminParts } from '../parts.ts'
import { logIn, tooManyFailures } from './log-in.ts'
import { refuse, type AdminRoutes } from './route.ts'

type OidcRoutes = Pick<AdminRoutes, 'getLogInWays' | 'beginOidcLogin' | 'logInWithOidc'>

/** Logging in at an OpenID provider. */
export function oidcRoutes(parts: AdminParts): OidcRoutes {
  const { audit, clock, loginLimits, oidc, store } = parts
  const recordAdmission = async (
    admission: Admission,
    actor: AuditActor,
    requestId: string,
  ): Promise<void> => {
    if (admission.kind === 'refused') {
      const { name: target, reason } = admission
      await audit.record({
        actor: { ...actor, name: 'somebody' },
        action: 'session.open',
        target,
        after: { method: 'oidc', reason },
        outcome: 'refused',
        requestId,
      })
      return
    }
    const { account, before, isNew } = admission
    if (!isNew && before === undefined) return
    await audit.record({
      actor: { ...actor, name: account.name, id: account.id, role: account.role },
      action: isNew ? 'account.create' : 'account.update',
      target: account.id,
      ...(before === undefined ? {} : { before: { name: account.name, role: before } }),
      after: { name: account.name, role: account.role },
      reason: 'as the OpenID provider says',
      outcome: 'done',
      requestId,
    })
  }
  return {
    getLogInWays: () => ({ body: oidc === undefined ? {} : { oidc: { label: oidc.settings.label } } }),

    async beginOidcLogin({ address, place }) {
      if (oidc === undefined) return refuse(notSetUp)
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      try {
        return { body: await oidc.begin(place) }
      } catch (thrown) {
        return refuse(unreachable(thrown))
      }
    },

    async logInWithOidc({ body, address, requestId, caller }) {
      if (oidc === undefined) return refuse(notSetUp)
      const wait = await loginLimits.waitOf(address)
      if (wait > 0) return tooManyFailures(wait)
      const claims = await oidc.finish(body)
      const actor: AuditActor = { name: 'somebody', kind: 'account', address }
      if (claims === undefined) {
        await loginLimits.failed(undefined, address)
        await audit.record({ actor, action: 'session.open', target: 'oidc', outcome: 'refused', requestId })
        return refuse(notProved)
      }
      const admission = await admit(claims, oidc.settings, { accounts: store.accounts, clock })
      await recordAdmission(admission, actor, requestId)
      if (admission.kind === 'refused') return refuse(refusals[admission.reason])
      return logIn(parts, admission.account, 'oidc', { address, requestId, caller })
    },
  }
}

function unreachable(thrown: unknown) {
  return defineProblem('CONFLICT', `the OpenID provider cannot be asked: ${toFault(thrown).message}`)
}

const notSetUp = defineProblem('NOT_FOUND', 'no OpenID provider is set up (admin.oidc)')
const notProved = defineProblem(
  'UNAUTHENTICATED',
  'what the OpenID provider sent proves nothing here; begin again',
)

const refusals: Readonly<Record<RefusedAdmission, ReturnType<typeof defineProblem>>> = {
  'no-role': defineProblem('FORBIDDEN', 'the OpenID provider knows you, and gives you no role here'),
  disabled: defineProblem('FORBIDDEN', 'your account is disabled here'),
  'name-taken': defineProblem(
    'CONFLICT',
    'another account has your name; an admin removes it or you have another',
  ),
  'no-name': defineProblem('CONFLICT', 'the OpenID provider says no name that an account can have'),
  'last-admin': defineProblem(
    'CONFLICT',
    'you are the last admin here and the OpenID provider gives you less; make somebody else an admin first',
  ),
}
