import { intersects } from './code-point-set.ts'
import type { PositionAutomaton } from './position-automaton.ts'

/** Comparisons of sets that one proof may take. */
const comparisonBudget = 200_000

/** The ways that a text may be read when their number does not depend on the text. */
const mostPaths = 1000

/**
 * Whether at every step at most one position can go on, and in one way: then a backtracking engine that starts
 * at one place never does more work than there are characters.
 */
export function isDeterministic(automaton: PositionAutomaton): boolean {
  if (automaton.hasDoubleEdges) return false
  let budget = comparisonBudget
  const disjoint = (states: readonly number[]): boolean => {
    for (let left = 0; left < states.length; left++) {
      for (let right = left + 1; right < states.length; right++) {
        if (--budget < 0) return false
        const one = automaton.sets[states[left] ?? 0] ?? []
        if (intersects(one, automaton.sets[states[right] ?? 0] ?? [])) return false
      }
    }
    return true
  }
  return disjoint(automaton.first) && automaton.follow.every(disjoint)
}

/**
 * Whether the automaton has no loop and few paths in all, so that the work at one place of a text is bounded by
 * a constant whatever the text is.
 */
export function hasFewPaths(automaton: PositionAutomaton): boolean {
  if (automaton.hasDoubleEdges) return false
  const paths: (number | undefined)[] = []
  const onPath = new Set<number>()
  const count = (state: number): number => {
    const known = paths[state]
    if (known !== undefined) return known
    // A way back to a state that is still being counted is a loop. Long patterns are left to the linear engine.
    if (onPath.has(state) || onPath.size > mostPaths) return Infinity
    onPath.add(state)
    let total = 1
    for (const next of automaton.follow[state] ?? []) {
      total += count(next)
      if (total > mostPaths) break
    }
    onPath.delete(state)
    paths[state] = total
    return total
  }
  return automaton.first.reduce((total, state) => total + count(state), 1) <= mostPaths
}
