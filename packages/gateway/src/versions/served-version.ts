import type { CompiledPlan } from './plan.ts'

/** One version of an API, as guards see it. */
export interface ServedVersion {
  readonly name: string
  /** The request fields that versions are chosen by, for `Vary` (RFC 9110 section 12.5.5); `undefined`: none. */
  readonly vary: string | undefined
  /** The query name that versions are named in; `undefined`: none. */
  readonly query: string | undefined
  /** `undefined`: it stays. */
  readonly plan: CompiledPlan | undefined
}
