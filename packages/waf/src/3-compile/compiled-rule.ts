import type { SourcePosition } from '@gateward/kernel'
import type { CompiledMacro } from '../macros/macro.ts'
import type { CompiledOperator } from '../operators/operator.ts'
import type { CompiledTarget } from './compiled-target.ts'
import type { Effect } from './effect.ts'
import type { ChainNode } from './transformation-tree.ts'

/** One rule with the rules chained to it, ready to be asked. */
export interface CompiledRule {
  /** Its place among all rules: what exclusions and bit sets count by. */
  readonly ordinal: number
  readonly id: number
  /** 1 to 5. */
  readonly phase: number
  readonly position: SourcePosition
  /** The rule itself first; it matches when every link does. */
  readonly links: readonly RuleLink[]
  readonly tags: readonly string[]
  readonly message: CompiledMacro | undefined
  readonly logData: CompiledMacro | undefined
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number | undefined
  /** As written in `rev`. */
  readonly revision: string | undefined
  readonly isLogged: boolean
  readonly isAudited: boolean
  readonly disruption: Disruption
  /** The marker at which the phase goes on after a match. */
  readonly skipAfter: string | undefined
  /** How many rules of the phase are passed over after a match. */
  readonly skip: number
}

/** One `SecRule` or `SecAction`. */
export interface RuleLink {
  /** Undefined for `SecAction`, which always matches. */
  readonly condition: Condition | undefined
  readonly captures: boolean
  /** What happens on every value that matches. */
  readonly effects: readonly Effect[]
}

/** What must hold for a link to match: the operator, for at least one value of the targets. */
export interface Condition {
  readonly targets: readonly CompiledTarget[]
  readonly chain: ChainNode
  /** The operator is asked for every form that the chain of transformations passes through. */
  readonly multiMatch: boolean
  /** The chains whose forms the operator is asked about, in order: the last is `chain`. */
  readonly forms: readonly ChainNode[]
  readonly operator: CompiledOperator
  readonly negated: boolean
}

/** What a match does to the transaction. */
export type Disruption =
  | { readonly kind: 'none' }
  | { readonly kind: 'deny'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: CompiledMacro }
  /** Rules are asked no more: until the phase's end, until the response, or at all. */
  | { readonly kind: 'allow'; readonly until: 'phase' | 'request' | 'all' }
