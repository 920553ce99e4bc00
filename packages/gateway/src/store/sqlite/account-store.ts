import { sql, type Kysely, type Selectable } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type {
  Account,
  AccountChange,
  AccountStore,
  ApiToken,
  Invitation,
  Passkey,
  RedeemOutcome,
  SessionRecord,
} from '../account-store.ts'
import {
  nameKey,
  toAccount,
  toAccountRow,
  toInvitation,
  toInvitationRow,
  toPasskey,
  toPasskeyRow,
  toSession,
  toSessionRow,
  toToken,
  toTokenRow,
} from './account-rows.ts'
import { RowSealing } from './row-sealing.ts'
import type { SqliteConnection } from './connection.ts'
import type { AccountTable, PasskeyTable, Schema } from './schema.ts'

/** Accounts of the admin address in SQLite; every method answers at once. */
export class SqliteAccountStore implements AccountStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #accounts: RowSealing
  readonly #passkeys: RowSealing
  readonly #tokens: RowSealing
  readonly #names: BlindIndex
  readonly #subjects: BlindIndex

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#accounts = RowSealing.of(sealing, 'account')
    this.#passkeys = RowSealing.of(sealing, 'passkey')
    this.#tokens = RowSealing.of(sealing, 'admin_token')
    this.#names = sealing.index('account', 'name_key')
    this.#subjects = sealing.index('account', 'subject_key')
  }

  list(): readonly Account[] {
    const query = this.#kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id')
    return this.#connection.all(query.limit(maximumRows).compile()).map((row) => this.#toAccount(row))
  }

  findById(id: string): Account | undefined {
    return this.#findAccount('id', id)
  }

  findByName(name: string): Account | undefined {
    return this.#findAccount('name_key', this.#names.of(nameKey(name)))
  }

  findBySubject(subject: string): Account | undefined {
    return this.#findAccount('subject_key', this.#subjects.of(subject))
  }

  insert(account: Account): boolean {
    const row = this.#toRow(account)
    return this.#connection.durableTransaction(() => this.#insert(row))
  }

  update(id: string, change: AccountChange, at: number): boolean {
    for (;;) {
      const account = this.findById(id)
      if (account === undefined) return false
      const next = { ...account, ...change, changedAt: at, revision: account.revision + 1 }
      const done = this.#replace(account, next, this.#toRow(next))
      // Another process may have changed it since it was read; then it is read again.
      if (done !== undefined) return done
    }
  }

  #replace(account: Account, next: Account, row: Selectable<AccountTable>): boolean | undefined {
    const { id, revision } = account
    const query = this.#kysely
      .updateTable('account')
      .set(row)
      .where('id', '=', id)
      .where('revision', '=', revision)
    return this.#connection.durableTransaction(() => {
      if (!isOpenAdmin(next) && this.#isLastAdmin(account)) return false
      if (this.#connection.run(query.compile()) !== 1) return undefined
      this.removeSessionsOf(id)
      return true
    })
  }

  remove(id: string): boolean {
    return this.#connection.durableTransaction(() => {
      const account = this.findById(id)
      if (account === undefined || this.#isLastAdmin(account)) return false
      return this.#connection.run(this.#kysely.deleteFrom('account').where('id', '=', id).compile()) === 1
    })
  }

  passkeysOf(account: string): readonly Passkey[] {
    const query = this.#kysely
      .selectFrom('passkey')
      .selectAll()
      .where('account', '=', account)
      .orderBy('created_at')
    return this.#connection.all(query.compile()).map((row) => toPasskey(this.#passkeys.open(row)))
  }

  findPasskey(id: string): Passkey | undefined {
    const query = this.#kysely.selectFrom('passkey').selectAll().where('id', '=', id)
    return optional(this.#connection.get(query.compile()), (row) => toPasskey(this.#passkeys.open(row)))
  }

  addPasskey(passkey: Passkey): void {
    const row = this.#passkeys.seal(toPasskeyRow(passkey))
    this.#connection.durableTransaction(() => this.#insertPasskey(row))
  }

  usePasskey(id: string, counter: number, at: number): void {
    const query = this.#kysely.updateTable('passkey').set({ counter, used_at: at }).where('id', '=', id)
    this.#connection.run(query.compile())
  }

  removePasskey(account: string, id: string): boolean {
    const query = this.#kysely.deleteFrom('passkey').where('account', '=', account).where('id', '=', id)
    return this.#connection.durableTransaction(() => this.#connection.run(query.compile())) === 1
  }

  addInvitation(invitation: Invitation): void {
    const query = this.#kysely.insertInto('invitation').values(toInvitationRow(invitation))
    this.#connection.durableTransaction(() => this.#connection.run(query.compile()))
  }

  findInvitation(hash: string, now: number): Invitation | undefined {
    const query = this.#kysely
      .selectFrom('invitation')
      .selectAll()
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
    return optional(this.#connection.get(query.compile()), toInvitation)
  }

  dropInvitations(kind: Invitation['kind']): void {
    const query = this.#kysely.deleteFrom('invitation').where('kind', '=', kind).where('used_at', 'is', null)
    this.#connection.durableTransaction(() => this.#connection.run(query.compile()))
  }

  redeem(hash: string, now: number, account: Account, passkey: Passkey | undefined): RedeemOutcome {
    const use = this.#kysely
      .updateTable('invitation')
      .set({ used_at: now })
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
    const row = this.#toRow(account)
    const passkeyRow = passkey === undefined ? undefined : this.#passkeys.seal(toPasskeyRow(passkey))
    return this.#connection.durableTransaction(() => {
      if (this.findInvitation(hash, now) === undefined) return 'no-invitation'
      if (!this.#insert(row)) return 'name-taken'
      if (passkeyRow !== undefined) this.#insertPasskey(passkeyRow)
      this.#connection.run(use.compile())
      return 'redeemed'
    })
  }

  addSession(session: SessionRecord): void {
    this.#connection.run(this.#kysely.insertInto('admin_session').values(toSessionRow(session)).compile())
  }

  findSession(hash: string): SessionRecord | undefined {
    const query = this.#kysely.selectFrom('admin_session').selectAll().where('hash', '=', hash)
    return optional(this.#connection.get(query.compile()), toSession)
  }

  sessionsOf(account: string): readonly SessionRecord[] {
    const query = this.#kysely
      .selectFrom('admin_session')
      .selectAll()
      .where('account', '=', account)
      .orderBy('used_at', 'desc')
      .limit(100)
    return this.#connection.all(query.compile()).map(toSession)
  }

  touchSession(hash: string, at: number): void {
    const query = this.#kysely.updateTable('admin_session').set({ used_at: at }).where('hash', '=', hash)
    this.#connection.run(query.compile())
  }

  removeSession(hash: string): void {
    const query = this.#kysely.deleteFrom('admin_session').where('hash', '=', hash)
    this.#connection.durableTransaction(() => this.#connection.run(query.compile()))
  }

  removeSessionsOf(account: string): void {
    this.#connection.run(this.#kysely.deleteFrom('admin_session').where('account', '=', account).compile())
  }

  dropSessions(endedBefore: number, idleSince: number): void {
    const query = this.#kysely
      .deleteFrom('admin_session')
      .where((where) => where.or([where('expires_at', '<', endedBefore), where('used_at', '<', idleSince)]))
    this.#connection.run(query.compile())
  }

  tokens(): readonly ApiToken[] {
    const query = this.#kysely.selectFrom('admin_token').selectAll().orderBy('created_at').orderBy('id')
    return this.#connection
      .all(query.limit(maximumRows).compile())
      .map((row) => toToken(this.#tokens.open(row)))
  }

  findToken(hash: string): ApiToken | undefined {
    const query = this.#kysely.selectFrom('admin_token').selectAll().where('hash', '=', hash)
    return optional(this.#connection.get(query.compile()), (row) => toToken(this.#tokens.open(row)))
  }

  addToken(token: ApiToken): void {
    const query = this.#kysely.insertInto('admin_token').values(this.#tokens.seal(toTokenRow(token)))
    this.#connection.durableTransaction(() => this.#connection.run(query.compile()))
  }

  removeToken(id: string): boolean {
    const query = this.#kysely.deleteFrom('admin_token').where('id', '=', id)
    return this.#connection.durableTransaction(() => this.#connection.run(query.compile())) === 1
  }

  #findAccount(column: 'id' | 'name_key' | 'subject_key', value: string): Account | undefined {
    const query = this.#kysely.selectFrom('account').selectAll().where(column, '=', value)
    return optional(this.#connection.get(query.compile()), (row) => this.#toAccount(row))
  }

  #toRow(account: Account): Selectable<AccountTable> {
    const { name, subject } = account
    return {
      ...this.#accounts.seal(toAccountRow(account)),
      name_key: this.#names.of(nameKey(name)),
      subject_key: subject === undefined ? null : this.#subjects.of(subject),
    }
  }

  #toAccount(row: Selectable<AccountTable>): Account {
    return toAccount(this.#accounts.open(row))
  }

  #insert(row: Selectable<AccountTable>): boolean {
    const query = this.#kysely
      .insertInto('account')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
    return this.#connection.run(query.compile()) === 1
  }

  #insertPasskey(row: Selectable<PasskeyTable>): void {
    this.#connection.run(this.#kysely.insertInto('passkey').values(row).compile())
  }

  #isLastAdmin(account: Account): boolean {
    if (!isOpenAdmin(account)) return false
    const query = this.#kysely
      .selectFrom('account')
      .select(sql<number>`count(*)`.as('others'))
      .where('role', '=', 'admin')
      .where('enabled', '=', 1)
      .where('id', '!=', account.id)
    return this.#connection.get(query.compile())?.others === 0
  }
}

const maximumRows = 1_000

function isOpenAdmin({ role, enabled }: Account): boolean {
  return role === 'admin' && enabled
}

function optional<Row, Value>(row: Row | undefined, make: (row: Row) => Value): Value | undefined {
  return row === undefined ? undefined : make(row)
}
