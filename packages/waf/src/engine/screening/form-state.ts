import type { Screen } from '../../3-compile/screen-plan.ts'
import { pathTo } from '../../3-compile/transformation-tree.ts'
import type { CompiledOperator } from '../../operators/operator.ts'
import type { Automata } from '../../regex/automata.ts'
import { leastLengthBefore } from '../../transformations/least-length.ts'
import { touchedBytes } from '../../transformations/touched-bytes.ts'
import type { Transformation } from '../../transformations/transformation.ts'
import { signatureOfBytes } from '../signature.ts'
import { KindCondition } from './kind-condition.ts'
import type { LiteralSet } from './literal-finder.ts'
import type { LiteralIndex } from './literal-index.ts'

/** What one rule asks of a form of a value. */
export interface Check {
  /** The rule's place in the phase. */
  readonly index: number
  readonly operator: CompiledOperator
  readonly negated: boolean
  /** Below this length the operator does not hold. */
  readonly minLength: number
  readonly kinds: KindCondition
  readonly sets: readonly LiteralSet[]
  /** What decides about values of this length and more, or is sure of its no. */
  readonly automata: Automata | undefined
  readonly automataFrom: number
}

/** What is to do with a form of a value, given which kinds of bytes it has. */
export interface FormStep {
  /** Places of rules that match any such form. */
  readonly certain: readonly number[]
  /** Checks that only asking decides. */
  readonly direct: readonly Check[]
  /** Checks to ask only where their literals were found. */
  readonly gated: readonly Check[]
  /** Of each of these the first set of literals, side by side: nearly all are found to be missing, and nothing else is read then. */
  readonly gates: Int32Array
  /** Negated checks, which hold where their literals were not found. */
  readonly opposed: readonly Check[]
  readonly edges: readonly FormEdge[]
}

/** A transformation that may change such a form, and where its result goes on. */
export interface FormEdge {
  readonly transformation: Transformation
  readonly state: FormState
  /** How long the value has to be so that its form is worth a look. */
  readonly leastLength: number
}

/** What asks about a form and what leads on from it, given which transformations may change it. */
interface Shape {
  readonly checks: readonly Check[]
  readonly edges: readonly FormEdge[]
}

/** A chain of transformations on the way of some screens. */
interface FormNode {
  readonly id: number
  /** How long a form here has to be so that a check may hold for it, or for a form made of it. */
  leastLength: number
  readonly checks: Check[]
  readonly children: Map<Transformation, FormNode>
}

/** No phrase is longer. */
const longestPhrase = 4_096

/** Most signatures for which a state keeps its step. */
const mostKept = 512

/**
 * The chains of transformations that have the same form of a value at hand. Which chains come to one and the same form follows
 * from the kinds of bytes in it: without `%` and `+` a value stays as it is under `urlDecodeUni`, and is not asked about twice.
 */
export class FormState {
  /** How long a form has to be to be worth a look. */
  readonly leastLength: number
  readonly #nodes: readonly FormNode[]
  readonly #states: Map<string, FormState>
  readonly #steps = new Map<number, FormStep>()
  readonly #shapes = new Map<number, Shape>()
  /** The kinds that each transformation below changes; found when first asked. */
  #touched: readonly number[] | undefined

  private constructor(nodes: readonly FormNode[], states: Map<string, FormState>) {
    this.leastLength = Math.min(...nodes.map(({ leastLength }) => leastLength))
    this.#nodes = nodes
    this.#states = states
  }

  /** The state of untouched values, of which these screens ask. */
  static of(screens: readonly Screen[], literals: LiteralIndex): FormState {
    return new FormState([buildTree(screens, literals)], new Map())
  }

  /** What is to do with a form of this signature. */
  step(signature: number): FormStep {
    const kept = this.#steps.get(signature)
    if (kept !== undefined) return kept
    if (this.#steps.size >= mostKept) this.#steps.clear()
    const step = this.#plan(signature)
    this.#steps.set(signature, step)
    return step
  }

  /** New signatures are many, where somebody sends thousands of odd values, and ways that transformations change them few. */
  #plan(signature: number): FormStep {
    const touched = (this.#touched ??= touchedBelow(this.#nodes))
    let key = 0
    for (const kinds of touched) key = key * 2 + (mayChange(kinds, signature) ? 1 : 0)
    let shape = this.#shapes.get(key)
    if (shape === undefined) {
      if (this.#shapes.size >= mostKept) this.#shapes.clear()
      this.#shapes.set(key, (shape = this.#shapeFor(signature)))
    }
    return { ...sortChecks(shape.checks, signature), edges: shape.edges }
  }

  #shapeFor(signature: number): Shape {
    const nodes = [...this.#nodes]
    const changing = new Map<Transformation, Set<FormNode>>()
    // Grows while it is walked: where a transformation changes nothing, what follows it is about this form too.
    for (const { children } of nodes) {
      for (const [transformation, child] of children) {
        if (!mayChange(touchedKinds(transformation), signature)) nodes.push(child)
        else changing.set(transformation, (changing.get(transformation) ?? new Set()).add(child))
      }
    }
    const edges = [...changing].map(([transformation, children]) => {
      const state = this.#stateOf([...children])
      return { transformation, state, leastLength: leastLengthBefore(transformation, state.leastLength) }
    })
    return { checks: [...new Set(nodes.flatMap(({ checks }) => checks))], edges }
  }

  #stateOf(nodes: readonly FormNode[]): FormState {
    const key = nodes
      .map(({ id }) => id)
      .toSorted((left, right) => left - right)
      .join()
    let state = this.#states.get(key)
    if (state === undefined) this.#states.set(key, (state = new FormState(nodes, this.#states)))
    return state
  }
}

function sortChecks(checks: Iterable<Check>, signature: number): Omit<FormStep, 'edges'> {
  const certain: number[] = []
  const direct: Check[] = []
  const gated: Check[] = []
  const opposed: Check[] = []
  for (const check of checks) {
    const isPossible = check.kinds.mayHold(signature)
    const hasLiterals = check.sets.length > 0
    if (isPossible) (hasLiterals ? (check.negated ? opposed : gated) : direct).push(check)
    else if (check.negated) certain.push(check.index)
  }
  return { certain, direct, gated, opposed, gates: Int32Array.from(gated, ({ sets }) => sets[0] ?? -1) }
}

/** The kinds of bytes that a transformation may change; all where nobody says. */
function touchedKinds(transformation: Transformation): number {
  let touched = touchedBy.get(transformation)
  if (touched === undefined) {
    const bytes = touchedBytes(transformation)
    touched = bytes === undefined ? everything : signatureOfBytes(bytes)
    touchedBy.set(transformation, touched)
  }
  return touched
}

const everything = -1

/** Where nobody says, even the empty value may become another one. */
function mayChange(touched: number, signature: number): boolean {
  return touched === everything || (touched & signature) !== 0
}

const touchedBy = new Map<Transformation, number>()

function touchedBelow(nodes: readonly FormNode[]): readonly number[] {
  const kinds = new Set<number>()
  const below = [...nodes]
  for (const { children } of below) {
    for (const [transformation, child] of children) {
      kinds.add(touchedKinds(transformation))
      below.push(child)
    }
  }
  return [...kinds]
}

function buildTree(screens: readonly Screen[], literals: LiteralIndex): FormNode {
  let nodes = 0
  const create = (): FormNode => ({ id: nodes++, leastLength: 0, checks: [], children: new Map() })
  const root = create()
  for (const screen of screens) {
    const check = checkOf(screen, literals)
    let node = root
    if (screen.multiMatch) node.checks.push(check)
    for (const { transformation } of pathTo(screen.chain)) {
      if (transformation === undefined) continue
      const child = node.children.get(transformation) ?? create()
      node.children.set(transformation, child)
      node = child
      if (screen.multiMatch) node.checks.push(check)
    }
    if (!screen.multiMatch) node.checks.push(check)
  }
  measure(root)
  return root
}

function measure(node: FormNode): void {
  let least = Number.POSITIVE_INFINITY
  for (const { minLength } of node.checks) least = Math.min(least, minLength)
  for (const [transformation, child] of node.children) {
    measure(child)
    least = Math.min(least, leastLengthBefore(transformation, child.leastLength))
  }
  node.leastLength = least
}

/** Below this length the operator holds for nothing. */
function leastLengthFor({ regex, phrases }: CompiledOperator): number {
  if (phrases !== undefined)
    return phrases.reduce((least, { length }) => Math.min(least, length), longestPhrase)
  return regex?.prefilter.minLength ?? 0
}

function checkOf({ index, operator, negated }: Screen, literals: LiteralIndex): Check {
  const { regex } = operator
  return {
    index,
    operator,
    negated,
    minLength: negated ? 0 : leastLengthFor(operator),
    kinds: new KindCondition(operator),
    sets: literals.setsOf(operator),
    automata: regex?.regexp.automata,
    automataFrom: regex?.regexp.automataFrom ?? Number.POSITIVE_INFINITY,
  }
}
