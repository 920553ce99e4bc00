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
      const set = sets.get(name) ?? new RefreshedKeySet({ ...input, source: openKeySource(location, agent) })
      // To the end of the order: every configuration opens all it uses, so the first are those of an old one.
      sets.delete(name)
      sets.set(name, set)
      closeOldest(sets)
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

/** More than any one configuration can name, so that one in use is never closed. */
const maximumSets = 200

function closeOldest(sets: Map<string, RefreshedKeySet>): void {
  for (const [name, set] of sets) {
    if (sets.size <= maximumSets) return
    set[Symbol.dispose]()
    sets.delete(name)
  }
}
