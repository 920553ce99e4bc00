import type { HeaderList } from '../exchange/header-list.ts'

/** What of a request may name a version. */
export interface NamingRequest {
  readonly headers: HeaderList
  /** Raw, without its `?`. */
  readonly query: string
}

/** A request that names its version twice, or in a way that somebody else could read as another one. */
export const ambiguous = Symbol('ambiguous')

/** What one place says: a version as it is written there; `undefined`: it names none. */
export type NamedVersion = string | typeof ambiguous | undefined

/** What two places say together. */
export function agree(one: NamedVersion, other: NamedVersion): NamedVersion {
  if (one === undefined || one === other) return other
  return other === undefined ? one : ambiguous
}
