import type { Outcome } from './breaker.ts'
import { ConnectionPool, type PoolBounds } from './connection-pool.ts'
import type { ConnectionOptions } from './http1/connection-parties.ts'
import type { PassiveHealth, Standing } from './passive-health.ts'
import type { TargetStatus } from './upstream.ts'

/** One place where the service runs. */
export class Target {
  /** Scheme, host and port. */
  readonly origin: string
  readonly options: ConnectionOptions
  readonly weight: number
  readonly pool: ConnectionPool
  /** What the gateway's own checks say. */
  healthy = true
  /** Requests and WebSockets under way. */
  inFlight = 0
  /** Where the smooth round robin stands. */
  credit = 0
  readonly #passive: PassiveHealth
  readonly #standing: Standing

  constructor(
    origin: string,
    options: ConnectionOptions,
    weight: number,
    bounds: PoolBounds,
    passive: PassiveHealth,
  ) {
    this.origin = origin
    this.options = options
    this.weight = weight
    this.pool = new ConnectionPool(options, bounds)
    this.#passive = passive
    this.#standing = passive.add()
  }

  /** Whether it may get the next request. */
  get isAvailable(): boolean {
    return this.healthy && this.pool.hasRoom && !this.#passive.isEjected(this.#standing)
  }

  /** How a request to it ended. */
  record(outcome: Outcome): void {
    this.#passive.record(this.#standing, outcome)
  }

  status(): TargetStatus {
    return {
      url: this.origin,
      healthy: this.healthy,
      ejectedUntil: this.#passive.isEjected(this.#standing) ? this.#standing.ejectedUntil : 0,
      inFlight: this.inFlight,
      connections: this.pool.open,
      queued: this.pool.queued,
    }
  }
}
