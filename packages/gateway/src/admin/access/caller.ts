import type { AuditActor } from '../../audit/audit-event.ts'
import type { Account, Role } from '../../store/account-store.ts'

/** Who called an operation, found to be who they say. */
export interface Caller {
  readonly account: Account
  /** What they may do now: of a token the lesser of its own role and its account's. */
  readonly role: Role
  readonly method: 'password' | 'passkey' | 'oidc' | 'invitation' | 'token'
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number
  /** SHA-256 of the session's cookie; `undefined` for tokens, which no browser sends by itself. */
  readonly session: string | undefined
  readonly actor: AuditActor
}
