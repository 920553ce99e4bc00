import type { Clock } from '@gateward/kernel'
import { Agent } from 'undici'
import type { IssuerKeys, IssuerKeySet } from './issuer-keys.ts'
import { openKeySource, type KeySourceLocation } from './key-source.ts'
import {
  RefreshedKeySet,
  type KeySetEvent,
  type KeySetStatus,
  type KeySetTiming,
} from './refreshed-key-set.ts'

/** What issuers' keys are kept with. */
export interface IssuerKeysInput {
  readonly clock: Clock
  /** Told of every load, good or bad. */
  readonly report?: (event: KeySetEvent) => void
  readonly timing?: Partial<KeySetTiming>
}

/** Issuers' keys with how fresh they are, for `doctor`, metrics and readiness. */
export interface ManagedIssuerKeys extends IssuerKeys {
  status(): readonly KeySetStatus[]
}

/** Keeps the keys of all issuers fresh in the background; opening one starts its first load and waits for nothing. */
export function createIssuerKeys(input: IssuerKeysInput): ManagedIssuerKeys {
  const sets = new Map<string, RefreshedKeySet>()
  // A few connections are plenty, and an agent of its own can be closed with what uses it.
  const agent = new Agent({ connections: 2, keepAliveTimeout: 1_000 })
  return {
    open(location: KeySourceLocation): IssuerKeySet {
      const name = `${location.kind} ${location.kind === 'discovery' ? location.issuer : location.location}`
      const known = sets.get(name)
      if (known !== undefined) return known
      const set = new RefreshedKeySet({ ...input, source: openKeySource(location, agent) })
      sets.set(name, set)
      return set
    },
    status: () => [...sets.values()].map((set) => set.status()),
    async [Symbol.asyncDispose]() {
      for (const set of sets.values()) set[Symbol.dispose]()
      sets.clear()
      await agent.destroy()
    },
  }
}
