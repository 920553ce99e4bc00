import type { CompiledOperator } from '../operators/operator.ts'
import type { CompiledRule, Condition } from './compiled-rule.ts'
import type { KeySelector } from './compiled-target.ts'
import { seesProven } from './sees-proven.ts'
import type { ChainNode } from './transformation-tree.ts'

/**
 * The inside-out form of a phase: value and chain of transformations first, rules second. Asking it once about every value tells
 * which rules cannot match, so that the serial run in rule order, which alone decides, passes over nearly all of them.
 */
export interface ScreenPlan {
  /** By a rule's place in the phase: 1 where the rule is only asked if a value made it a candidate. */
  readonly screened: Uint8Array
  /** One for each screened rule and variable. */
  readonly screens: readonly Screen[]
  readonly gates: readonly Gate[]
}

/** What one rule asks of the values of one variable. */
export interface Screen {
  /** The rule's place in the phase. */
  readonly index: number
  readonly slot: number
  readonly variable: string
  /** The only key that it looks at, in lower case; undefined where it looks at more than one. */
  readonly key: string | undefined
  readonly chain: ChainNode
  /** Whether every form on the way of the chain is asked about. */
  readonly multiMatch: boolean
  readonly operator: CompiledOperator
  /** Whether it is asked about values that are proven harmless too. */
  readonly seesProven: boolean
  readonly negated: boolean
  /** Keys that the rule leaves out. */
  readonly exclusions: readonly KeySelector[]
}

/** A rule that skips others by one value of TX: a paranoia level, say. */
export interface Gate {
  readonly index: number
  /** The place at which the phase goes on if it holds. */
  readonly end: number
  /** In lower case. */
  readonly key: string
  readonly operator: CompiledOperator
  readonly negated: boolean
}

/** Plans which rules of a phase can be screened. */
export function planScreens(rules: readonly CompiledRule[], next: Int32Array): ScreenPlan {
  const screens = rules.flatMap(screensOf)
  const screened = new Uint8Array(rules.length)
  for (const { index } of screens) screened[index] = 1
  const gates = rules.flatMap((rule, index) => gateOf(rule, index, next[index] ?? index + 1) ?? [])
  return { screened, screens, gates }
}

/**
 * A rule can be screened where its answer about a value depends on that value alone, no value can come to be while the phase
 * runs, and no match means nothing happens.
 */
function screensOf(rule: CompiledRule, index: number): readonly Screen[] {
  const condition = rule.links[0]?.condition
  if (condition === undefined || !isPure(condition)) return []
  const { chain, operator, multiMatch, negated } = condition
  return condition.targets.map((target) => ({
    index,
    slot: target.variable.slot,
    variable: target.variable.name,
    key: keyOf(target.keys),
    chain,
    multiMatch,
    operator,
    seesProven: seesProven(target, condition),
    negated,
    exclusions: target.exclusions,
  }))
}

function isPure({ operator, targets }: Condition): boolean {
  return !operator.macro && targets.every(({ variable, isCounted }) => variable.isStable && !isCounted)
}

function keyOf(keys: KeySelector): string | undefined {
  return keys.kind === 'name' ? keys.name : undefined
}

function gateOf(rule: CompiledRule, index: number, end: number): Gate | undefined {
  const [link, ...others] = rule.links
  const condition = link?.condition
  const [target, ...targets] = condition?.targets ?? []
  if (link === undefined || condition === undefined || target === undefined) return undefined
  const isPlain =
    others.length === 0 && targets.length === 0 && !target.isCounted && !condition.operator.macro
  if (!isPlain || end <= index + 1 || target.variable.name !== 'TX' || condition.chain.parent !== undefined) {
    return undefined
  }
  const key = keyOf(target.keys)
  const { operator, negated } = condition
  return key === undefined ? undefined : { index, end, key, operator, negated }
}
