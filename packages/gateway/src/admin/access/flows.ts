import { randomBytes } from 'node:crypto'
import type { Clock } from '@gateward/kernel'

const life = 5 * 60_000
const mostWaiting = 1_000

/** What waits for the browser to come back, each under a random name, for five minutes and one use. */
export class Flows<Value> {
  readonly #clock: Clock
  readonly #waiting = new Map<string, { readonly value: Value; readonly until: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Keeps it and gives its name. */
  begin(value: Value): string {
    const now = this.#clock.now()
    for (const [flow, { until }] of this.#waiting) if (until <= now) this.#waiting.delete(flow)
    // The oldest goes: anybody can begin to log in, and nobody may fill the memory with it.
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size >= mostWaiting && oldest !== undefined) this.#waiting.delete(oldest)
    const flow = randomBytes(24).toString('base64url')
    this.#waiting.set(flow, { value, until: now + life })
    return flow
  }

  /** What waited under this name, once; `undefined` where it is over or never was. */
  take(flow: string): Value | undefined {
    const waiting = this.#waiting.get(flow)
    this.#waiting.delete(flow)
    return waiting !== undefined && waiting.until > this.#clock.now() ? waiting.value : undefined
  }
}
