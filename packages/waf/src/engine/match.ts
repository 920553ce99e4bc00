import type { SourcePosition } from '@gateward/kernel'

/** One match of a rule that is logged: what an operator sees of it. */
export interface WafMatch {
  readonly id: number
  readonly phase: number
  /** With its macros expanded, as bytes; so are `data` and `variable`. */
  readonly msg: string
  readonly data: string
  /** 0 (emergency) to 7 (debug), undefined where the rule names none. */
  readonly severity: number | undefined
  readonly tags: readonly string[]
  /** The variable that matched last: `ARGS:comment`. */
  readonly variable: string
  readonly position: SourcePosition
  /** Worth a place in the audit record. */
  readonly isAudited: boolean
}

/** What a phase decided. */
export type WafVerdict =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'block'
      readonly status: number
      /** The rule that decided; 0 where a limit of the engine did. */
      readonly ruleId: number
      /** The anomaly score at that time. */
      readonly score: number
      /** Where to send the client instead, as `redirect` says. */
      readonly location?: string
    }

/** Nothing to object to. */
export const pass: WafVerdict = { kind: 'pass' }
