import type { CodePointSet } from './code-point-set.ts'
import type { PatternNode, RepeatNode } from './pattern-node.ts'

/**
 * A pattern as Glushkov's automaton: a state is one occurrence of a character in the pattern, an edge says which
 * may follow which. What a backtracking engine tries are exactly the paths of this automaton, so that its
 * ambiguity is the engine's cost. Assertions are taken to hold always, which can only add paths.
 */
export interface PositionAutomaton {
  readonly sets: readonly CodePointSet[]
  readonly first: readonly number[]
  readonly follow: readonly (readonly number[])[]
  readonly last: ReadonlySet<number>
  /** Whether some edge can be taken in two ways, or the empty text matched in two ways. */
  readonly hasDoubleEdges: boolean
  /** Edges that can be taken in two ways, as `from * sets.length + to`. */
  readonly doubleEdges: ReadonlySet<number>
  readonly nullable: boolean
}

interface Fragment {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly nullable: boolean
}

/** How far counted repetitions are written out; beyond, they are taken as unbounded, which can only add paths. */
export interface AutomatonLimits {
  /** The most copies that a part is written out for because all of them are needed. */
  readonly mostNeeded: number
  /** The most copies that a part is written out for because they are possible beyond the needed ones. */
  readonly mostPossible: number
  readonly mostPositions: number
}

/** Builds the automaton; `undefined` where it would have more positions, or ten times as many edges, as the limits allow. */
export function buildAutomaton(node: PatternNode, limits: AutomatonLimits): PositionAutomaton | undefined {
  const builder = new AutomatonBuilder(limits)
  const whole = builder.fragment(node)
  return builder.isTooLarge ? undefined : builder.finish(whole)
}

const emptyFragment: Fragment = { first: [], last: [], nullable: true }

class AutomatonBuilder {
  readonly #limits: AutomatonLimits
  readonly #sets: CodePointSet[] = []
  readonly #follow: Set<number>[] = []
  readonly #double: [number, number][] = []
  #edges = 0
  #ambiguousEmpty = false

  constructor(limits: AutomatonLimits) {
    this.#limits = limits
  }

  get isTooLarge(): boolean {
    return this.#sets.length > this.#limits.mostPositions || this.#edges > this.#limits.mostPositions * 10
  }

  fragment(node: PatternNode): Fragment {
    if (this.isTooLarge) return emptyFragment
    switch (node.kind) {
      case 'character':
        return this.#position(node.set)
      case 'sequence':
        return node.items.reduce<Fragment>(
          (left, item) => this.#join(left, this.fragment(item)),
          emptyFragment,
        )
      case 'choice':
        return node.options
          .map((option) => this.fragment(option))
          .reduce((left, right) => this.#either(left, right))
      case 'repeat':
        return this.#repeat(node)
      default:
        return emptyFragment
    }
  }

  finish(whole: Fragment): PositionAutomaton {
    const size = this.#sets.length
    return {
      sets: this.#sets,
      first: whole.first,
      follow: this.#follow.map((targets) => [...targets]),
      last: new Set(whole.last),
      hasDoubleEdges: this.#double.length > 0 || this.#ambiguousEmpty,
      doubleEdges: new Set(this.#double.map(([from, to]) => from * size + to)),
      nullable: whole.nullable,
    }
  }

  #position(set: CodePointSet): Fragment {
    const position = this.#sets.push(set) - 1
    this.#follow.push(new Set())
    return { first: [position], last: [position], nullable: false }
  }

  #join(left: Fragment, right: Fragment): Fragment {
    this.#connect(left.last, right.first)
    return {
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
      nullable: left.nullable && right.nullable,
    }
  }

  #either(left: Fragment, right: Fragment): Fragment {
    if (left.nullable && right.nullable) this.#ambiguousEmpty = true
    return {
      first: [...left.first, ...right.first],
      last: [...left.last, ...right.last],
      nullable: left.nullable || right.nullable,
    }
  }

  #repeat({ body, min, max }: RepeatNode): Fragment {
    const bounded = min <= this.#limits.mostNeeded && max - min <= this.#limits.mostPossible
    const copies = Math.min(min, this.#limits.mostNeeded)
    let whole = emptyFragment
    for (let copy = 1; copy < copies && !this.isTooLarge; copy++)
      whole = this.#join(whole, this.fragment(body))
    if (!bounded) {
      const loop = this.#loop(this.fragment(body))
      return this.#join(whole, min === 0 ? this.#optional(loop) : loop)
    }
    if (copies > 0) whole = this.#join(whole, this.fragment(body))
    return max > min ? this.#join(whole, this.#upTo(body, max - min)) : whole
  }

  // x{0,3} as (x(x(x)?)?)?, which adds one edge a copy instead of one a pair of copies.
  #upTo(body: PatternNode, times: number): Fragment {
    const copies: Fragment[] = []
    for (let copy = 0; copy < times && !this.isTooLarge; copy++) copies.push(this.fragment(body))
    return copies.reduceRight((inner, copy) => this.#optional(this.#join(copy, inner)), emptyFragment)
  }

  #loop(body: Fragment): Fragment {
    if (body.nullable) this.#ambiguousEmpty = true
    this.#connect(body.last, body.first)
    return body
  }

  #optional(body: Fragment): Fragment {
    if (body.nullable) this.#ambiguousEmpty = true
    return { ...body, nullable: true }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const source of from) {
      const targets = this.#follow[source]
      if (targets === undefined || this.isTooLarge) return
      for (const target of to) {
        if (targets.has(target)) this.#double.push([source, target])
        targets.add(target)
        this.#edges++
      }
    }
  }
}
