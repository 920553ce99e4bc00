import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@gateward/kernel'
import { randomBase62 } from '../../keyring/base62.ts'
import type {
  Account,
  AccountStore,
  Invitation,
  Passkey,
  RedeemOutcome,
  Role,
} from '../../store/account-store.ts'

/** One-time links that make an account: of the first start, and of admins who invite others. */
export class Invitations {
  readonly #accounts: AccountStore
  readonly #clock: Clock

  constructor(accounts: AccountStore, clock: Clock) {
    this.#accounts = accounts
    this.#clock = clock
  }

  /** The code of a link for the first admin, good for 15 minutes; `undefined` where there are accounts already. */
  async welcome(): Promise<string | undefined> {
    const accounts = await this.#accounts.list()
    if (accounts.length > 0) return undefined
    // Those of earlier starts stand in terminals and logs.
    await this.#accounts.dropInvitations('welcome')
    return (await this.#add('welcome', 'admin', welcomeLife)).code
  }

  /** The code of a link for somebody else, good for a day. */
  async invite(role: Role): Promise<{ readonly code: string; readonly expiresAt: number }> {
    return this.#add('invited', role, invitationLife)
  }

  async find(code: string): Promise<Invitation | undefined> {
    const found = await this.#accounts.findInvitation(hashOf(code), this.#clock.now())
    if (found?.kind !== 'welcome') return found
    // Its power ends with the first account, whoever made it by another way meanwhile.
    return (await this.#accounts.list()).length === 0 ? found : undefined
  }

  /** Makes the account, once for each code, whoever asks at once. */
  async redeem(
    code: string,
    terms: Pick<Account, 'id' | 'name' | 'passwordHash'> & { readonly passkey: Passkey | undefined },
  ): Promise<{ readonly outcome: RedeemOutcome; readonly account: Account | undefined }> {
    const invitation = await this.find(code)
    if (invitation === undefined) return { outcome: 'no-invitation', account: undefined }
    const now = this.#clock.now()
    const account: Account = {
      id: terms.id,
      name: terms.name,
      role: invitation.role,
      enabled: true,
      passwordHash: terms.passwordHash,
      subject: undefined,
      createdAt: now,
      changedAt: now,
      revision: 1,
    }
    const outcome = await this.#accounts.redeem(invitation.hash, now, account, terms.passkey)
    return { outcome, account: outcome === 'redeemed' ? account : undefined }
  }

  async #add(kind: Invitation['kind'], role: Role, life: number) {
    const code = makeCode()
    const createdAt = this.#clock.now()
    const expiresAt = createdAt + life
    await this.#accounts.addInvitation({
      hash: hashOf(code),
      kind,
      role,
      createdAt,
      expiresAt,
      usedAt: undefined,
    })
    return { code, expiresAt }
  }
}

/** The id of an account that is to be. */
export function newAccountId(): string {
  return `acc_${randomBase62(16)}`
}

const welcomeLife = 15 * 60_000
const invitationLife = 86_400_000

/** 128 random bits in groups of five that people can read out: `7h2kd-…`, without letters that look like digits. */
function makeCode(): string {
  const text = [...randomBytes(26)].map((byte) => crockford[byte % 32]).join('')
  return text.replace(/.{5}(?=.)/g, '$&-')
}

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

/** The hash of a code, however it was typed. */
function hashOf(code: string): string {
  const typed = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return createHash('sha256').update(typed).digest('base64url')
}
