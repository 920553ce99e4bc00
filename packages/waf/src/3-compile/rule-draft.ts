import type { SourcePosition } from '@gateward/kernel'
import type { ActionCall, OperatorCall, Target } from '../language/rule.ts'

/** A rule with its chain while later directives may still change it. */
export interface RuleDraft {
  readonly id: number
  readonly phase: number
  readonly position: SourcePosition
  /** What `SecDefaultAction` of its phase said where the rule stands. */
  readonly defaults: readonly ActionCall[]
  readonly links: LinkDraft[]
  /** As written in `msg`, macros and all. */
  message: string | undefined
  tags: readonly string[]
}

/** One `SecRule` or `SecAction` of a draft. */
export interface LinkDraft {
  readonly position: SourcePosition
  /** Undefined for `SecAction`. */
  readonly operator: OperatorCall | undefined
  targets: readonly Target[]
  actions: readonly ActionCall[]
}

/** What stands in a rule set's order: a rule, or a place to skip to. */
export type DraftItem =
  { readonly kind: 'rule'; readonly draft: RuleDraft } | { readonly kind: 'marker'; readonly name: string }

/** The argument of the last action of a name; undefined where it has none. */
export function argumentOf(actions: readonly ActionCall[], name: string): string | undefined {
  return actions.findLast((action) => action.name === name)?.argument
}

/** The arguments of every action of a name. */
export function argumentsOf(actions: readonly ActionCall[], name: string): readonly string[] {
  return actions.flatMap((action) => (action.name === name ? [action.argument ?? ''] : []))
}

/** Whether an action of a name is there. */
export function hasAction(actions: readonly ActionCall[], name: string): boolean {
  return actions.some((action) => action.name === name)
}
