import type { ByteClass } from './byte-class.ts'
import { anyByte } from './byte-class.ts'
import type { Assertion, RegexNode, RepeatNode } from './syntax-tree.ts'

/** One state of a nondeterministic automaton; numbers are the states it goes on to, first the one that backtracking tries first. */
export type AutomatonState =
  | { readonly kind: 'bytes'; readonly bytes: ByteClass; readonly next: number }
  | { readonly kind: 'fork'; readonly nexts: readonly number[] }
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: 'match' }

/** An automaton that accepts all that an expression matches. */
export interface Automaton {
  readonly states: readonly AutomatonState[]
  readonly start: number
}

/**
 * Builds the automaton of a tree whose counts are unrolled. What no automaton can decide it takes to hold: every
 * lookaround, every atomic group as a plain one, every backreference as any text. So its "no" is always right.
 */
export function buildAutomaton(root: RegexNode): Automaton {
  const states: AutomatonState[] = [{ kind: 'match' }]
  return { states, start: build(root, 0) }

  function build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'bytes':
        return add({ kind: 'bytes', bytes: node.bytes, next })
      case 'sequence':
        return node.items.reduceRight((after, item) => build(item, after), next)
      case 'choice':
        return add({ kind: 'fork', nexts: node.branches.map((branch) => build(branch, next)) })
      case 'repeat':
        return node.max === 1
          ? buildOptional(node, next)
          : buildLoop(node.body, node.min === 0, node.lazy, next)
      case 'assertion':
        return add({ kind: 'assertion', assertion: node.assertion, next })
      case 'capture':
      case 'atomic':
        return build(node.body, next)
      case 'look':
        return next
      case 'backreference':
        return buildLoop({ kind: 'bytes', bytes: anyByte }, true, false, next)
    }
  }

  function buildOptional({ body, lazy }: RepeatNode, next: number): number {
    return add({ kind: 'fork', nexts: inOrder(build(body, next), next, lazy) })
  }

  function buildLoop(body: RegexNode, mayBeLeftOut: boolean, lazy: boolean, next: number): number {
    const fork = add({ kind: 'fork', nexts: [] })
    const entry = build(body, fork)
    states[fork] = { kind: 'fork', nexts: inOrder(entry, next, lazy) }
    return mayBeLeftOut ? fork : entry
  }

  function add(state: AutomatonState): number {
    return states.push(state) - 1
  }
}

function inOrder(again: number, on: number, lazy: boolean): readonly number[] {
  return lazy ? [on, again] : [again, on]
}
