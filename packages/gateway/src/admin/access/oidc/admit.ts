import type { Clock } from '@gateward/kernel'
import type { OidcSettings } from '../../../config/oidc-settings.ts'
import type { Account, AccountStore, Role } from '../../../store/account-store.ts'
import { newAccountId } from '../invitations.ts'
import { accountNameOf } from './account-name.ts'
import { claimedRole, type Claims } from './claimed-role.ts'

/** Whether somebody from a provider is let in, and as whom. */
export type Admission =
  | {
      readonly kind: 'admitted'
      readonly account: Account
      /** The role before, where it is another one now; `undefined` for one who is new or as before. */
      readonly before: Role | undefined
      readonly isNew: boolean
    }
  | { readonly kind: 'refused'; readonly reason: RefusedAdmission; readonly name: string }

export type RefusedAdmission = 'no-role' | 'disabled' | 'name-taken' | 'no-name' | 'last-admin'

/**
 * Finds or makes the account of whoever the claims are about. The provider's word decides the role at each login; whoever
 * has lost every role loses the sessions that are open, too.
 */
export async function admit(
  claims: Claims,
  { roles }: Pick<OidcSettings, 'roles'>,
  { accounts, clock }: { readonly accounts: AccountStore; readonly clock: Clock },
): Promise<Admission> {
  const subject = `${String(claims['iss'])} ${String(claims['sub'])}`
  const role = claimedRole(claims, roles)
  const known = await accounts.findBySubject(subject)
  const name = known?.name ?? accountNameOf(claims)
  const refused = (reason: RefusedAdmission): Admission => ({
    kind: 'refused',
    reason,
    name: name ?? 'somebody',
  })
  if (role === undefined) {
    if (known !== undefined) await accounts.removeSessionsOf(known.id)
    return refused('no-role')
  }
  if (known !== undefined) {
    if (!known.enabled) return refused('disabled')
    if (known.role === role) return { kind: 'admitted', account: known, before: undefined, isNew: false }
    if (await accounts.update(known.id, { role }, clock.now()))
      return { kind: 'admitted', account: { ...known, role }, before: known.role, isNew: false }
    // The store keeps its last admin, whom the provider calls less: until there is another one, nobody is let in so.
    await accounts.removeSessionsOf(known.id)
    return refused('last-admin')
  }
  if (name === undefined) return refused('no-name')
  const account = newAccount(name, subject, role, clock.now())
  const isMade = await accounts.insert(account)
  return isMade ? { kind: 'admitted', account, before: undefined, isNew: true } : refused('name-taken')
}

function newAccount(name: string, subject: string, role: Role, now: number): Account {
  return {
    id: newAccountId(),
    name,
    role,
    enabled: true,
    passwordHash: undefined,
    subject,
    createdAt: now,
    changedAt: now,
    revision: 1,
  }
}
