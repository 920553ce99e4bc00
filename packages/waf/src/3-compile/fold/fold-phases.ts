import type { FoldedPhase, Removal, RuleOrder } from './fold-phase.ts'
import { foldPhase } from './fold-phase.ts'
import { KnownTx } from './known-tx.ts'

/**
 * Folds all phases, by their number. Which rules can be taken away by `ctl` depends on the rules that are left, and the other way
 * round: a rule that turns off a sampled share of requests counts only where the settings sample at all. So it is folded again
 * with what the rules left can take away, until nothing new comes up.
 */
export function foldPhases(orders: readonly RuleOrder[]): readonly FoldedPhase[] {
  let removals: readonly (readonly Removal[])[] = orders.map(() => [])
  for (;;) {
    const folded = foldWith(orders, removals)
    const found = folded.map((phase) => phase.removals)
    if (found.every((ofPhase, phase) => ofPhase.length === removals[phase]?.length)) return folded
    removals = found
  }
}

function foldWith(
  orders: readonly RuleOrder[],
  removals: readonly (readonly Removal[])[],
): readonly FoldedPhase[] {
  const nothing = new KnownTx()
  const ends: KnownTx[] = []
  return orders.map((order, phase) => {
    // Logging may follow on any phase, or on none where a client went away; every other phase has at least the first before it.
    const before = phase === orders.length - 1 ? [nothing, ...ends] : ends
    const start = before.length === 0 ? nothing : before.reduce((left, right) => left.merge(right))
    const earlier = removals.slice(0, phase).flatMap((ofPhase) => ofPhase.map(atStart))
    const folded = foldPhase(order, start, [...earlier, ...(removals[phase] ?? [])])
    if (phase > 0) ends.push(folded.end)
    return folded
  })
}

/** What an earlier phase took away is gone before this one begins. */
function atStart({ ordinals }: Removal): Removal {
  return { place: -1, ordinals }
}
