import { systemClock } from '@gateward/kernel'
import { Invitations } from './admin/access/invitations.ts'
import { commandLineActor, openSignedAudit } from './open-audit-trail.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'
import type { Role } from './store/account-store.ts'

/** The accounts of a data folder, for the command line; a gateway may run on the same one. */
export interface AccountTrail extends AsyncDisposable {
  /** The path of a one-time link, good for a day. */
  invite(role: Role): Promise<{ readonly path: string; readonly expiresAt: number }>
  list(): Promise<readonly ShownAccount[]>
}

interface ShownAccount {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly enabled: boolean
  readonly createdAt: string
}

/** @throws Fault `KEK_…` or `STORE_…` */
export async function openAccountTrail(location: KeyringLocation): Promise<AccountTrail> {
  const stack = new AsyncDisposableStack()
  try {
    const keyring = await openKeyring(location, systemClock, stack)
    const { accounts } = keyring.store
    const invitations = new Invitations(accounts, systemClock)
    const audit = openSignedAudit(keyring)
    return {
      async invite(role) {
        const { code, expiresAt } = await invitations.invite(role)
        await audit.record({
          actor: commandLineActor(),
          action: 'account.invite',
          target: role,
          outcome: 'done',
        })
        return { path: `/welcome/${code}`, expiresAt }
      },
      list: async () => (await accounts.list()).map(show),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}

function show({
  id,
  name,
  role,
  enabled,
  createdAt,
}: Omit<ShownAccount, 'createdAt'> & { createdAt: number }): ShownAccount {
  return { id, name, role, enabled, createdAt: new Date(createdAt).toISOString() }
}
