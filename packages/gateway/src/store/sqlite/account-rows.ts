import type { Selectable } from 'kysely'
import type { Account, ApiToken, Invitation, Passkey, SessionRecord } from '../account-store.ts'
import type { AccountTable, InvitationTable, PasskeyTable, SessionTable, TokenTable } from './schema.ts'

/** An account as a row before it is sealed. */
export function toAccountRow(account: Account): Omit<Selectable<AccountTable>, 'name_key' | 'subject_key'> {
  return {
    id: account.id,
    name: account.name,
    role: account.role,
    enabled: account.enabled ? 1 : 0,
    password_hash: account.passwordHash ?? null,
    subject: account.subject ?? null,
    created_at: account.createdAt,
    changed_at: account.changedAt,
    revision: account.revision,
  }
}

export function toAccount(row: Selectable<AccountTable>): Account {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    enabled: row.enabled === 1,
    passwordHash: row.password_hash ?? undefined,
    subject: row.subject ?? undefined,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    revision: row.revision,
  }
}

/** Names differ by more than case and the way a letter is composed. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

export function toPasskeyRow(passkey: Passkey): Selectable<PasskeyTable> {
  const { publicKey, transports, createdAt, usedAt, ...rest } = passkey
  return {
    ...rest,
    public_key: publicKey,
    transports: JSON.stringify(transports),
    created_at: createdAt,
    used_at: usedAt ?? null,
  }
}

export function toPasskey(row: Selectable<PasskeyTable>): Passkey {
  return {
    id: row.id,
    account: row.account,
    label: row.label,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as readonly string[],
    createdAt: row.created_at,
    usedAt: row.used_at ?? undefined,
  }
}

export function toInvitationRow(invitation: Invitation): Selectable<InvitationTable> {
  const { createdAt, expiresAt, usedAt, ...rest } = invitation
  return { ...rest, created_at: createdAt, expires_at: expiresAt, used_at: usedAt ?? null }
}

export function toInvitation(row: Selectable<InvitationTable>): Invitation {
  return {
    hash: row.hash,
    kind: row.kind,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
  }
}

export function toSessionRow(session: SessionRecord): Selectable<SessionTable> {
  const { createdAt, usedAt, expiresAt, ...rest } = session
  return { ...rest, created_at: createdAt, used_at: usedAt, expires_at: expiresAt }
}

export function toSession(row: Selectable<SessionTable>): SessionRecord {
  const { created_at: createdAt, used_at: usedAt, expires_at: expiresAt, ...rest } = row
  return { ...rest, createdAt, usedAt, expiresAt }
}

export function toTokenRow(token: ApiToken): Selectable<TokenTable> {
  const { createdAt, expiresAt, ...rest } = token
  return { ...rest, created_at: createdAt, expires_at: expiresAt }
}

export function toToken(row: Selectable<TokenTable>): ApiToken {
  const { created_at: createdAt, expires_at: expiresAt, ...rest } = row
  return { ...rest, createdAt, expiresAt }
}
