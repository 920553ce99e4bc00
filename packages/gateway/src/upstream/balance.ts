import type { Target } from './target.ts'

/** How a target is chosen. */
export type Balance = 'round-robin' | 'least-connections' | 'random-two'

/**
 * Chooses the target of a request among those that are there; `avoid` (where the last attempt failed) only if there
 * is no other. `undefined`: none is there.
 */
export type Picker = (avoid: Target | undefined) => Target | undefined

/** The picker of a list of targets, which never changes. */
export function createPicker(balance: Balance, targets: readonly Target[]): Picker {
  const [only] = targets
  if (targets.length === 1 && only !== undefined) return () => (only.isAvailable ? only : undefined)
  const choose = choosers[balance]
  return (avoid) => {
    const there = targets.filter((target) => target.isAvailable && target !== avoid)
    if (there.length > 0) return choose(there)
    return avoid?.isAvailable === true ? avoid : undefined
  }
}

const choosers: Readonly<Record<Balance, (there: readonly Target[]) => Target | undefined>> = {
  'round-robin': takeTurns,
  'least-connections': leastBusy,
  'random-two': lessBusyOfTwo,
}

// Smooth weighted round robin: weights 3 and 1 give a a b a, not a a a b.
function takeTurns(there: readonly Target[]): Target | undefined {
  let total = 0
  let next: Target | undefined
  for (const target of there) {
    total += target.weight
    target.credit += target.weight
    if (next === undefined || target.credit > next.credit) next = target
  }
  if (next !== undefined) next.credit -= total
  return next
}

function leastBusy(there: readonly Target[]): Target | undefined {
  // Starting anywhere keeps idle targets from always losing to the first of the list.
  const start = Math.floor(Math.random() * there.length)
  let next: Target | undefined
  for (let index = 0; index < there.length; index++) {
    next = lessBusy(next, there[(start + index) % there.length])
  }
  return next
}

function lessBusyOfTwo(there: readonly Target[]): Target | undefined {
  const first = Math.floor(Math.random() * there.length)
  const second = (first + 1 + Math.floor(Math.random() * (there.length - 1))) % there.length
  return lessBusy(there[first], there[second])
}

function lessBusy(one: Target | undefined, other: Target | undefined): Target | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return other.inFlight / other.weight < one.inFlight / one.weight ? other : one
}
