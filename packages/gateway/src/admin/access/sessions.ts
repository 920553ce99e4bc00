import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@gateward/kernel'
import { displayApiKey, generateApiKey, readApiKeyForm } from '../../keyring/api-key-format.ts'
import { randomBase62 } from '../../keyring/base62.ts'
import { hashApiKey, type Pepper } from '../../keyring/pepper.ts'
import type { Account, AccountStore, ApiToken, Role, SessionRecord } from '../../store/account-store.ts'
import type { Caller } from './caller.ts'
import { lesserRole } from './role.ts'

/** What sessions and tokens are kept with. */
export interface SessionsOptions {
  readonly accounts: AccountStore
  readonly pepper: Pepper
  readonly clock: Clock
}

/** A session that was just opened; the value goes into the cookie and is kept nowhere. */
export interface OpenedSession {
  readonly value: string
  readonly record: SessionRecord
  /** Seconds that it lives at most. */
  readonly seconds: number
}

const longest = 12 * 3_600_000
const longestIdle = 60 * 60_000
const touchEvery = 60_000

/** Who is logged in, and the tokens of programs. */
export class Sessions {
  readonly #accounts: AccountStore
  readonly #pepper: Pepper
  readonly #clock: Clock

  constructor({ accounts, pepper, clock }: SessionsOptions) {
    this.#accounts = accounts
    this.#pepper = pepper
    this.#clock = clock
  }

  /** Opens a session with a value that nobody has seen; one that the client brought is never taken over (fixation). */
  async open(account: Account, method: SessionRecord['method']): Promise<OpenedSession> {
    const now = this.#clock.now()
    await this.#accounts.dropSessions(now, now - longestIdle)
    const value = randomBytes(32).toString('base64url')
    const record: SessionRecord = {
      hash: hashOf(value),
      account: account.id,
      method,
      createdAt: now,
      usedAt: now,
      expiresAt: now + longest,
    }
    await this.#accounts.addSession(record)
    return { value, record, seconds: longest / 1_000 }
  }

  async close(hash: string): Promise<void> {
    await this.#accounts.removeSession(hash)
  }

  /** The sessions of an account that have not ended, the one that was used last first. */
  async listOf(account: string): Promise<readonly SessionRecord[]> {
    const now = this.#clock.now()
    const all = await this.#accounts.sessionsOf(account)
    return all.filter(({ expiresAt, usedAt }) => expiresAt > now && usedAt > now - longestIdle)
  }

  /** Who has this cookie; `undefined`: nobody any more. */
  async findByCookie(value: string, address: string): Promise<Caller | undefined> {
    if (!/^[\w-]{43}$/.test(value)) return undefined
    const now = this.#clock.now()
    const record = await this.#accounts.findSession(hashOf(value))
    if (record === undefined || record.expiresAt <= now || record.usedAt <= now - longestIdle)
      return undefined
    const account = await this.#accounts.findById(record.account)
    if (account?.enabled !== true) return undefined
    if (now - record.usedAt > touchEvery) await this.#accounts.touchSession(record.hash, now)
    return {
      account,
      role: account.role,
      method: record.method,
      expiresAt: record.expiresAt,
      session: record.hash,
      actor: { name: account.name, kind: 'account', id: account.id, role: account.role, address },
    }
  }

  /** Who has this token. */
  async findByToken(token: string, address: string): Promise<Caller | undefined> {
    const form = readApiKeyForm(token)
    if (form.kind !== 'well-formed' || form.environment !== tokenEnvironment) return undefined
    const record = await this.#accounts.findToken(hashApiKey(this.#pepper, token))
    if (record === undefined || record.expiresAt <= this.#clock.now()) return undefined
    const account = await this.#accounts.findById(record.account)
    if (account?.enabled !== true) return undefined
    const role = lesserRole(record.role, account.role)
    return {
      account,
      role,
      method: 'token',
      expiresAt: record.expiresAt,
      session: undefined,
      actor: { name: `token ${record.label}`, kind: 'token', id: record.id, role, address },
    }
  }

  /** Whether who once called still could: the session is there, the account enabled, the role the same. */
  async isGood({ account, session, actor, expiresAt }: Caller): Promise<boolean> {
    if (expiresAt <= this.#clock.now()) return false
    const now = await this.#accounts.findById(account.id)
    if (now?.enabled !== true || now.revision !== account.revision) return false
    if (session === undefined) return (await this.#accounts.tokens()).some(({ id }) => id === actor.id)
    return (await this.#accounts.findSession(session)) !== undefined
  }

  /** A token that is not kept yet; its text is shown once. */
  makeToken(order: { label: string; account: string; role: Role; life: number }): {
    token: string
    record: ApiToken
  } {
    const token = generateApiKey(tokenEnvironment).reveal()
    const now = this.#clock.now()
    const { label, account, role, life } = order
    const record = {
      id: `tok_${randomBase62(16)}`,
      hash: hashApiKey(this.#pepper, token),
      display: displayApiKey(token),
      label,
      account,
      role,
      createdAt: now,
      expiresAt: now + life,
    }
    return { token, record }
  }
}

// The form of API keys, so that the same secret scanners find it; a key of an environment of this name opens no API.
const tokenEnvironment = 'admin'

// 256 random bits need no slow hash: nobody guesses them.
function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}
