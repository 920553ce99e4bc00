import type { StageStart } from '../versions/timeline.ts'
import type { Awaitable } from './awaitable.ts'

/** What one consumer asked of one version of an API. Times are milliseconds since the Unix epoch. */
export interface VersionCalls {
  /** The name under which the version is served: `shop@v1`. */
  readonly api: string
  /** `(anonymous)` for all who are not known, `(other)` for those that are too many to be told apart. */
  readonly consumer: string
  readonly requests: number
  /** Of them those that were refused. */
  readonly refused: number
  readonly firstSeen: number
  readonly lastSeen: number
}

/** What stands for consumers that are too many to be told apart. */
export const otherConsumers = '(other)'

/** Consumers of a version that are told apart. */
export const mostConsumers = 1_000

/**
 * Who calls which version, and which stages of plans have begun.
 *
 * The laws (version-store.contract.ts, run on every adapter):
 * - calls of one consumer add up, from whichever process they come: the first and the last time it was seen are kept;
 * - past {@link mostConsumers} of a version, new ones are counted as `(other)`;
 * - `calls` gives those of one version, the one that was seen last first;
 * - `forget` removes those that were seen last before a time;
 * - `begin` is true exactly once for a stage with its time, whoever asks: stages are told once.
 */
export interface VersionStore {
  addBatch(calls: readonly VersionCalls[]): Awaitable<void>
  calls(api: string): Awaitable<readonly VersionCalls[]>
  forget(before: number): Awaitable<void>
  begin(api: string, start: StageStart): Awaitable<boolean>
}
