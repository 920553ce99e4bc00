import type { Clock, Secret } from '@gateward/kernel'

/** An access token and how long it is good. */
export interface IssuedToken {
  readonly token: Secret
  /** Seconds. */
  readonly expiresIn: number
}

/** Keeps an access token until shortly before it ends. */
export class AccessToken {
  readonly #issue: () => Promise<IssuedToken>
  readonly #clock: Clock
  #token: Secret | undefined
  #until = 0

  constructor(issue: () => Promise<IssuedToken>, clock: Clock) {
    this.#issue = issue
    this.#clock = clock
  }

  async get(): Promise<Secret> {
    if (this.#token !== undefined && this.#clock.tick() < this.#until) return this.#token
    const { token, expiresIn } = await this.#issue()
    this.#token = token
    this.#until = this.#clock.tick() + Math.max(0, expiresIn - marginSeconds) * 1_000
    return token
  }
}

const marginSeconds = 60
