import type { LimitPolicy } from './limiter.ts'

/** The tiers of the running configuration by name; `undefined` finds the default tier. */
export interface Tiers {
  find(name: string | undefined): Tier | undefined
}

export interface Tier {
  readonly name: string
  readonly policies: readonly LimitPolicy[]
  /** Most requests under way at once for one consumer, or `undefined`. */
  readonly concurrency: number | undefined
}
