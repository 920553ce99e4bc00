import type { LimitStanding } from '../exchange/limit-standing.ts'
import type { Counters } from './counters.ts'
import type { LimitPolicy, LimitUse } from './limiter.ts'

const firstCapacity = 64
/** How many keys an arrival looks at to find idle ones; more than one, so that idle keys go faster than new ones come. */
const lookedAtPerArrival = 4
const lookedAtWhenFull = 64
const sharedRows = 1_024

/**
 * Finds the row of a key in bounded memory. Only idle rows are ever given to another key, so nobody frees a
 * spent limit by bringing new keys. While there is no idle row, newcomers share a fixed number of rows, by a hash
 * that outsiders cannot foresee: each of them is held at least as strictly as alone, and those who were
 * known before notice nothing.
 */
export class KeyTable {
  readonly #counters: Counters
  readonly #createCounters: () => Counters
  readonly #maxKeys: number
  readonly #rows = new Map<string, number>()
  readonly #free: number[] = []
  readonly #seed = Math.floor(Math.random() * 0x7fffffff)
  #used = 0
  #capacity = 0
  #hand: Iterator<[string, number]>
  #shared: Counters | undefined
  /** The policy that was last asked for, for `describe`. */
  #policy: LimitPolicy | undefined

  constructor(createCounters: () => Counters, maxKeys: number) {
    this.#createCounters = createCounters
    this.#counters = createCounters()
    this.#maxKeys = maxKeys
    this.#hand = this.#rows.entries()
  }

  /** How many keys have a row of their own. */
  get size(): number {
    return this.#rows.size
  }

  take(key: string, policy: LimitPolicy, cost: number, now: number): LimitStanding {
    this.#policy = policy
    const row = this.#rows.get(key)
    if (row !== undefined) return this.#counters.take(row, policy, cost, now)
    return this.#takeAsNewcomer(key, policy, cost, now)
  }

  /** Whether forgetting the whole table would give nothing away. */
  isIdle(now: number): boolean {
    for (const row of this.#rows.values()) if (!this.#counters.isIdle(row, now)) return false
    for (let row = 0; this.#shared !== undefined && row < sharedRows; row++)
      if (!this.#shared.isIdle(row, now)) return false
    return true
  }

  /** Tells of each key that is not idle, how it stands. */
  describe(now: number, tell: (use: LimitUse) => void): void {
    const policy = this.#policy
    if (policy === undefined) return
    const limit = policy.algorithm === 'token-bucket' ? policy.burst : policy.limit
    for (const [key, row] of this.#rows) {
      if (this.#counters.isIdle(row, now)) continue
      const { remaining } = this.#counters.take(row, policy, 0, now)
      tell({ policy: policy.name, key, limit, remaining })
    }
  }

  #takeAsNewcomer(key: string, policy: LimitPolicy, cost: number, now: number): LimitStanding {
    if (this.#shared !== undefined) {
      const row = this.#hash(key)
      // Who may have spent in a shared row stays there until it is idle: leaving it early would count afresh.
      if (!this.#shared.isIdle(row, now)) return this.#shared.take(row, policy, cost, now)
    }
    this.#collect(now, this.#rows.size < this.#maxKeys ? lookedAtPerArrival : lookedAtWhenFull)
    if (this.#rows.size < this.#maxKeys) return this.#counters.take(this.#allocate(key), policy, cost, now)
    this.#shared ??= this.#createShared()
    return this.#shared.take(this.#hash(key), policy, cost, now)
  }

  #allocate(key: string): number {
    const row = this.#free.pop() ?? this.#used++
    if (row >= this.#capacity) {
      this.#capacity = Math.min(this.#maxKeys, Math.max(firstCapacity, this.#capacity * 2))
      this.#counters.grow(this.#capacity)
    }
    this.#counters.clear(row)
    this.#rows.set(key, row)
    return row
  }

  #collect(now: number, keys: number): void {
    for (let looked = 0; looked < keys; looked++) {
      const next = this.#hand.next()
      if (next.done === true) {
        this.#hand = this.#rows.entries()
        return
      }
      const [key, row] = next.value
      if (!this.#counters.isIdle(row, now)) continue
      this.#rows.delete(key)
      this.#free.push(row)
    }
  }

  #createShared(): Counters {
    const counters = this.#createCounters()
    counters.grow(sharedRows)
    return counters
  }

  #hash(key: string): number {
    let hash = this.#seed
    for (let index = 0; index < key.length; index++)
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
    return ((hash ^ (hash >>> 15)) >>> 0) % sharedRows
  }
}
