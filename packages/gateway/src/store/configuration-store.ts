import type { Awaitable } from './awaitable.ts'

/**
 * Every configuration that ran, as it was written, so that the one before can be compared and brought back.
 *
 * The laws (configuration-store.contract.ts, run on every adapter):
 * - versions are numbered from 1 on, each higher than the one before;
 * - a version that repeats hash and text of the latest is not added again;
 * - only the newest `kept` versions stay.
 */
export interface ConfigurationStore {
  /** The version as it was added, or the latest where it is the same. */
  add(version: Omit<ConfigurationVersion, 'number'>, kept: number): Awaitable<ConfigurationVersion>
  /** The newest first; at most `limit` (1 to 1000). */
  list(limit: number): Awaitable<readonly ConfigurationVersion[]>
  find(number: number): Awaitable<ConfigurationVersion | undefined>
}

/** A configuration that ran. */
export interface ConfigurationVersion {
  readonly number: number
  /** When it began to run, milliseconds since the Unix epoch. */
  readonly at: number
  /** The hash of configuration and contracts, as records name it. */
  readonly hash: string
  readonly actor: string
  /** What made it run: `start`, `file-changed`, `SIGHUP`, `admin`, `rollback`. */
  readonly source: string
  readonly reason: string
  /** The file as it was written; `undefined` where the settings came from the command line. */
  readonly text: string | undefined
}
