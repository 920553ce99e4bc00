import { intersects } from './code-point-set.ts'
import type { CodePointSet } from './code-point-set.ts'
import type { PositionAutomaton } from './position-automaton.ts'

/** How the number of ways to read a text grows with the text's length. */
export type Ambiguity = 'bounded' | 'polynomial' | 'exponential' | 'unknown'

/** Steps that one analysis may take: about 50 ms. Counted, not timed, so that a pattern is judged alike everywhere. */
const stepBudget = 2_000_000

/**
 * Judges an automaton by the theorems of Weber and Seidl (1991): the ways to read a text grow exponentially if
 * some state can return to itself along one text in two ways, and polynomially if one text leads from a state to
 * itself, from it to another state, and from that one to itself. `canFail` says where giving up is possible at
 * all: a state from which the match has already succeeded is never left again.
 */
export function judgeAmbiguity(automaton: PositionAutomaton, canFail: (state: number) => boolean): Ambiguity {
  const work = new Work(automaton)
  const component = stronglyConnected(automaton.follow)
  const risky = (state: number): boolean => canFail(state)
  if (hasDoubleEdgeOnCycle(automaton, component, risky)) return 'exponential'
  if (hasTwoWaysBack(automaton, component, work, risky)) return 'exponential'
  if (work.exhausted) return 'unknown'
  const failing = withoutSuccess(automaton, canFail)
  if (hasChainOfLoops(failing, stronglyConnected(failing.follow), work, risky)) return 'polynomial'
  return work.exhausted ? 'unknown' : 'bounded'
}

// What is tried behind a success is tried once, since falling back ends in that success.
function withoutSuccess(
  automaton: PositionAutomaton,
  canFail: (state: number) => boolean,
): PositionAutomaton {
  return { ...automaton, follow: automaton.follow.map((next, state) => (canFail(state) ? next : [])) }
}

class Work {
  readonly #size: number
  readonly #sets: readonly CodePointSet[]
  readonly #overlaps = new Map<number, boolean>()
  #left = stepBudget

  constructor(automaton: PositionAutomaton) {
    this.#size = automaton.sets.length
    this.#sets = automaton.sets
  }

  get exhausted(): boolean {
    return this.#left <= 0
  }

  overlap(left: number, right: number): boolean {
    this.#left--
    if (left === right) return true
    const key = left < right ? left * this.#size + right : right * this.#size + left
    let known = this.#overlaps.get(key)
    if (known === undefined) {
      known = intersects(this.#sets[left] ?? [], this.#sets[right] ?? [])
      this.#overlaps.set(key, known)
    }
    return known
  }
}

function hasDoubleEdgeOnCycle(
  { doubleEdges, sets }: PositionAutomaton,
  component: readonly number[],
  canFail: (state: number) => boolean,
): boolean {
  for (const edge of doubleEdges) {
    const from = Math.floor(edge / sets.length)
    const to = edge % sets.length
    if (component[from] === component[to] && canFail(from)) return true
  }
  return false
}

// Two readings of one text that part from a state and meet in a state of the same component.
function hasTwoWaysBack(
  automaton: PositionAutomaton,
  component: readonly number[],
  work: Work,
  canFail: (state: number) => boolean,
): boolean {
  const size = automaton.sets.length
  const before = new Map<number, number[]>()
  const reached = new Set<number>()
  const open: number[] = []
  for (let state = 0; state < size; state++) {
    if (!automaton.follow[state]?.some((next) => component[next] === component[state])) continue
    reached.add(state * size + state)
    open.push(state * size + state)
  }
  for (let pair = open.pop(); pair !== undefined && !work.exhausted; pair = open.pop()) {
    const left = Math.floor(pair / size)
    const right = pair % size
    for (const nextLeft of automaton.follow[left] ?? []) {
      if (component[nextLeft] !== component[left]) continue
      for (const nextRight of automaton.follow[right] ?? []) {
        if (component[nextRight] !== component[left] || !work.overlap(nextLeft, nextRight)) continue
        const next = nextLeft * size + nextRight
        const sources = before.get(next)
        if (sources === undefined) before.set(next, [pair])
        else sources.push(pair)
        if (reached.has(next)) continue
        reached.add(next)
        open.push(next)
      }
    }
  }
  return meetsAgain(before, size, canFail, work)
}

function meetsAgain(
  before: ReadonlyMap<number, readonly number[]>,
  size: number,
  canFail: (state: number) => boolean,
  work: Work,
): boolean {
  const isDiagonal = (pair: number): boolean => Math.floor(pair / size) === pair % size
  const open = [...before.keys()].filter((pair) => isDiagonal(pair) && canFail(pair % size))
  const seen = new Set(open)
  for (let pair = open.pop(); pair !== undefined && !work.exhausted; pair = open.pop()) {
    for (const source of before.get(pair) ?? []) {
      if (!isDiagonal(source)) return true
      if (seen.has(source)) continue
      seen.add(source)
      open.push(source)
    }
  }
  return false
}

function hasChainOfLoops(
  automaton: PositionAutomaton,
  component: readonly number[],
  work: Work,
  canFail: (state: number) => boolean,
): boolean {
  const { follow, sets } = automaton
  const cyclic = sets.map((_, state) => state).filter((state) => isCyclic(follow, component, state))
  for (const first of cyclic) {
    const later = reachable(follow, first)
    for (const second of cyclic) {
      if (first === second || !later.has(second) || !canFail(second)) continue
      if (loopsTogether(automaton, first, second, work)) return true
      if (work.exhausted) return false
    }
  }
  return false
}

// One text that leads from `first` to `first`, from `first` to `second`, and from `second` to `second`.
function loopsTogether(
  { follow, sets }: PositionAutomaton,
  first: number,
  second: number,
  work: Work,
): boolean {
  const size = sets.length
  const goal = (first * size + second) * size + second
  const start = (first * size + first) * size + second
  const seen = new Set([start])
  const open = [start]
  for (let triple = open.pop(); triple !== undefined && !work.exhausted; triple = open.pop()) {
    const stays = Math.floor(triple / (size * size))
    const moves = Math.floor(triple / size) % size
    for (const nextStays of follow[stays] ?? []) {
      for (const nextMoves of follow[moves] ?? []) {
        if (!work.overlap(nextStays, nextMoves)) continue
        for (const nextLoops of follow[triple % size] ?? []) {
          if (!work.overlap(nextStays, nextLoops) || !work.overlap(nextMoves, nextLoops)) continue
          const next = (nextStays * size + nextMoves) * size + nextLoops
          if (next === goal) return true
          if (seen.has(next)) continue
          seen.add(next)
          open.push(next)
        }
      }
    }
  }
  return false
}

function isCyclic(
  follow: readonly (readonly number[])[],
  component: readonly number[],
  state: number,
): boolean {
  return follow[state]?.some((next) => component[next] === component[state]) ?? false
}

function reachable(follow: readonly (readonly number[])[], start: number): ReadonlySet<number> {
  const seen = new Set<number>()
  const open = [start]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of follow[state] ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return seen
}

/** The strongly connected component of each state, by Kosaraju's two passes; iterative, so that no pattern is too long for the stack. */
function stronglyConnected(follow: readonly (readonly number[])[]): readonly number[] {
  const back: number[][] = follow.map(() => [])
  follow.forEach((targets, from) => targets.forEach((to) => back[to]?.push(from)))
  const component: number[] = follow.map(() => -1)
  let next = 0
  for (const root of finishingOrder(follow).reverse()) {
    if (component[root] !== -1) continue
    const open = [root]
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (component[state] !== -1) continue
      component[state] = next
      open.push(...(back[state] ?? []))
    }
    next++
  }
  return component
}

function finishingOrder(follow: readonly (readonly number[])[]): number[] {
  const order: number[] = []
  const entered = new Set<number>()
  for (let root = 0; root < follow.length; root++) {
    const open: [state: number, edge: number][] = entered.has(root) ? [] : [[root, 0]]
    entered.add(root)
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const target = follow[top[0]]?.[top[1]++]
      if (target === undefined) {
        order.push(top[0])
        open.pop()
      } else if (!entered.has(target)) {
        entered.add(target)
        open.push([target, 0])
      }
    }
  }
  return order
}
