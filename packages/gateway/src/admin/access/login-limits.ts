import { createHash } from 'node:crypto'
import type { Limiter, LimitPolicy } from '../../limiter/limiter.ts'

/**
 * Bounds on guessing. Failures count against the address (everybody is told when it is too many), against the name from
 * that address, and against the name from anywhere. Who guesses names learns nothing from a name that is locked: it
 * is answered as a wrong password is, after the same work, whether the account exists or not.
 */
export class LoginLimits {
  readonly #limiter: Limiter

  constructor(limiter: Limiter) {
    this.#limiter = limiter
  }

  /** Seconds until the address may try again; 0: now. */
  async waitOf(address: string): Promise<number> {
    const standing = await this.#limiter.take(address, addressFailures, 0)
    return standing.allowed ? 0 : standing.retrySeconds
  }

  /** Whether nothing that is said for this name counts at the moment. */
  async isLocked(name: string, address: string): Promise<boolean> {
    const near = await this.#limiter.take(`${digest(name)} ${address}`, nearFailures, 0)
    const far = await this.#limiter.take(digest(name), farFailures, 0)
    return !near.allowed || !far.allowed
  }

  /** Counts a failure; of a name that was never meant as one, such as an invitation's code, the address alone. */
  async failed(name: string | undefined, address: string): Promise<void> {
    await this.#limiter.take(address, addressFailures, 1)
    if (name === undefined) return
    await this.#limiter.take(`${digest(name)} ${address}`, nearFailures, 1)
    await this.#limiter.take(digest(name), farFailures, 1)
  }
}

const minute = 60_000
const addressFailures = failures('admin-address', 30, 15 * minute)
const nearFailures = failures('admin-name-near', 5, 15 * minute)
const farFailures = failures('admin-name-far', 50, 60 * minute)

function failures(name: string, limit: number, window: number): LimitPolicy {
  return { name, family: name, algorithm: 'sliding-window', limit, window, burst: limit, period: undefined }
}

// Names are of any length, and two spellings of one are one.
function digest(name: string): string {
  return createHash('sha256').update(name.normalize('NFKC').toLowerCase()).digest('base64url')
}
