import type { Diagnostic, Steps } from '@gateward/kernel'
import type { CompiledRule } from './compiled-rule.ts'
import type { RuleOrder } from './fold/fold-phase.ts'
import { foldPhases } from './fold/fold-phases.ts'
import type { ScreenPlan } from './screen-plan.ts'
import { planScreens } from './screen-plan.ts'

/** The rules of one phase in their order. */
export interface PhasePlan {
  readonly rules: readonly CompiledRule[]
  /** By a rule's place in the phase: the place at which the phase goes on after it has matched. */
  readonly next: Int32Array
  readonly screens: ScreenPlan
}

/**
 * Parts a rule set into phases, finds where every `skipAfter` and `skip` leads (a marker acts in every phase), and folds away what
 * goes alike in every transaction.
 */
export function* planPhases(
  order: readonly (CompiledRule | string)[],
  diagnostics: Diagnostic[],
): Steps<readonly PhasePlan[]> {
  const markers = new Set(order.filter((item) => typeof item === 'string'))
  for (const item of order) {
    if (typeof item !== 'string' && item.skipAfter !== undefined && !markers.has(item.skipAfter)) {
      diagnostics.push({
        code: 'missing-marker',
        severity: 'warning',
        message: `rule ${item.id} skips after "${item.skipAfter}", which is no marker, and so to the phase's end`,
        fix: `write SecMarker "${item.skipAfter}"`,
        position: item.position,
      })
    }
  }
  const orders = [0, 1, 2, 3, 4, 5].map((phase) => orderPhase(order, phase))
  yield
  const plans: PhasePlan[] = []
  for (const { rules, next } of foldPhases(orders)) {
    yield
    plans.push({ rules, next, screens: planScreens(rules, next) })
  }
  return plans
}

function orderPhase(order: readonly (CompiledRule | string)[], phase: number): RuleOrder {
  const rules: CompiledRule[] = []
  const next: number[] = []
  /** The skips to each marker that has not come yet. */
  const waiting = new Map<string, number[]>()
  for (const item of order) {
    if (typeof item === 'string') {
      for (const index of waiting.get(item) ?? []) next[index] = rules.length
      waiting.delete(item)
    } else if (item.phase === phase) {
      const index = rules.push(item) - 1
      next.push(index + 1 + item.skip)
      if (item.skipAfter === undefined) continue
      waiting.set(item.skipAfter, [...(waiting.get(item.skipAfter) ?? []), index])
    }
  }
  for (const index of [...waiting.values()].flat()) next[index] = rules.length
  return { rules, next: Int32Array.from(next) }
}
