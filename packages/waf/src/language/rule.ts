import type { SourcePosition } from '@gateward/kernel'

/** One statement of a rule file, as parsed: names are known to the grammar, their meaning is checked later. */
export type Statement =
  | RuleStatement
  | { readonly kind: 'action'; readonly actions: readonly ActionCall[]; readonly position: SourcePosition }
  | { readonly kind: 'marker'; readonly name: string; readonly position: SourcePosition }
  /** Every other directive: `SecRuleEngine On`, `SecRuleRemoveById 942100`, … with its arguments unquoted. */
  | {
      readonly kind: 'directive'
      readonly name: string
      readonly values: readonly string[]
      readonly position: SourcePosition
    }

/** `SecRule VARIABLES "OPERATOR" "ACTIONS"`. Chained rules follow one another; `chain` stands among the actions. */
export interface RuleStatement {
  readonly kind: 'rule'
  readonly targets: readonly Target[]
  readonly operator: OperatorCall
  readonly actions: readonly ActionCall[]
  readonly position: SourcePosition
}

/** One target of a rule: `ARGS`, `!ARGS:token`, `&REQUEST_HEADERS:Host`, `TX:/^header_/`, `XML:/*`. */
export interface Target {
  /** Upper case. */
  readonly variable: string
  readonly selector: Selector | undefined
  /** `!`: taken out of what the other targets name. */
  readonly excluded: boolean
  /** `&`: how many there are, instead of each. */
  readonly counted: boolean
}

export type Selector =
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'regex'; readonly source: string }

export interface OperatorCall {
  /** Lower case without its `@`; `rx` where none was written. */
  readonly name: string
  readonly negated: boolean
  /** As written, macros and all. */
  readonly argument: string
}

/** One action: `id:942100`, `t:urlDecodeUni`, `setvar:'tx.score=+%{tx.critical}'`. */
export interface ActionCall {
  /** Lower case. */
  readonly name: string
  readonly argument: string | undefined
}
