import type { Awaitable } from './awaitable.ts'

/** What a person may do at the admin address; each may do all that those before may. */
export const roles = ['viewer', 'operator', 'security', 'admin'] as const

export type Role = (typeof roles)[number]

/**
 * The people of the admin address, how they prove who they are, and what they are logged in with. Nothing kept here
 * logs anybody in: passwords, tokens, sessions and invitations are kept as hashes.
 *
 * The laws (account-store.contract.ts, run on every adapter):
 * - names are unique, whatever their case;
 * - `redeem` makes an account for an invitation exactly once, whoever asks at once;
 * - the last account that is an enabled admin can be neither removed, disabled nor given a lesser role;
 * - sessions, passkeys and tokens of an account end with it; its sessions also with a change of role, state or password;
 * - `revision` of an account differs after every change of it.
 */
export interface AccountStore {
  list(): Awaitable<readonly Account[]>
  findById(id: string): Awaitable<Account | undefined>
  /** In whatever case. */
  findByName(name: string): Awaitable<Account | undefined>
  /** By the subject at an OpenID provider, `issuer subject`. */
  findBySubject(subject: string): Awaitable<Account | undefined>
  /** False where the name or subject is taken. */
  insert(account: Account): Awaitable<boolean>
  /** False where there is no such account, or it is the last admin that could let another in. */
  update(id: string, change: AccountChange, at: number): Awaitable<boolean>
  /** False as in `update`. */
  remove(id: string): Awaitable<boolean>

  passkeysOf(account: string): Awaitable<readonly Passkey[]>
  findPasskey(id: string): Awaitable<Passkey | undefined>
  addPasskey(passkey: Passkey): Awaitable<void>
  /** Notes a use, with the authenticator's counter. */
  usePasskey(id: string, counter: number, at: number): Awaitable<void>
  removePasskey(account: string, id: string): Awaitable<boolean>

  addInvitation(invitation: Invitation): Awaitable<void>
  /** The one with this hash that is neither used nor over. */
  findInvitation(hash: string, now: number): Awaitable<Invitation | undefined>
  /** Ends every invitation of this kind that was not used. */
  dropInvitations(kind: Invitation['kind']): Awaitable<void>
  /** Uses the invitation up and inserts the account with its passkey, wholly or not at all. */
  redeem(hash: string, now: number, account: Account, passkey: Passkey | undefined): Awaitable<RedeemOutcome>

  addSession(session: SessionRecord): Awaitable<void>
  findSession(hash: string): Awaitable<SessionRecord | undefined>
  /** Those of an account, the one that was used last first; the hundred newest at the most. */
  sessionsOf(account: string): Awaitable<readonly SessionRecord[]>
  touchSession(hash: string, at: number): Awaitable<void>
  removeSession(hash: string): Awaitable<void>
  removeSessionsOf(account: string): Awaitable<void>
  /** Forgets sessions that ended before, or were last used before. */
  dropSessions(endedBefore: number, idleSince: number): Awaitable<void>

  tokens(): Awaitable<readonly ApiToken[]>
  findToken(hash: string): Awaitable<ApiToken | undefined>
  addToken(token: ApiToken): Awaitable<void>
  removeToken(id: string): Awaitable<boolean>
}

export type RedeemOutcome = 'redeemed' | 'no-invitation' | 'name-taken'

/** Somebody who may log in at the admin address. Times are milliseconds since the Unix epoch. */
export interface Account {
  /** `acc_` and 16 letters and digits. */
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly enabled: boolean
  /** As `hashPassword` writes it; `undefined`: none logs in with one. */
  readonly passwordHash: string | undefined
  /** `issuer subject` at an OpenID provider. */
  readonly subject: string | undefined
  readonly createdAt: number
  readonly changedAt: number
  /** Counts changes. */
  readonly revision: number
}

export type AccountChange = Partial<Pick<Account, 'role' | 'enabled' | 'passwordHash'>>

/** A public key of an authenticator (WebAuthn Level 3). */
export interface Passkey {
  /** The credential id, base64url. */
  readonly id: string
  readonly account: string
  readonly label: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly createdAt: number
  readonly usedAt: number | undefined
}

/** A one-time link that makes an account. */
export interface Invitation {
  /** SHA-256 of the code, base64url. */
  readonly hash: string
  /** `welcome`: of a start without accounts; `invited`: by an admin. */
  readonly kind: 'welcome' | 'invited'
  readonly role: Role
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | undefined
}

export interface SessionRecord {
  /** SHA-256 of the cookie's value, base64url. */
  readonly hash: string
  readonly account: string
  /** How the account proved itself. */
  readonly method: 'password' | 'passkey' | 'oidc' | 'invitation'
  readonly createdAt: number
  readonly usedAt: number
  readonly expiresAt: number
}

/** What a program calls the admin API with. */
export interface ApiToken {
  /** `tok_` and 16 letters and digits. */
  readonly id: string
  /** HMAC-SHA-256 under the pepper, base64url. */
  readonly hash: string
  readonly display: string
  readonly label: string
  /** The account that made it: the token ends with it, and never may do more than it. */
  readonly account: string
  readonly role: Role
  readonly createdAt: number
  readonly expiresAt: number
}
