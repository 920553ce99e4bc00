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
        return buildAll(node.items, next)
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

  /** Counts are unrolled to optional parts in one another: hundreds of them, of which no call may wait for another. */
  function buildOptional(outermost: RepeatNode, next: number): number {
    const around: { readonly before: readonly RegexNode[]; readonly on: number; readonly lazy: boolean }[] =
      []
    let part = outermost
    let on = next
    for (let inner = innerOptional(part); inner !== undefined; inner = innerOptional(part)) {
      around.push({ before: inner.before, on, lazy: part.lazy })
      on = buildAll(inner.after, on)
      part = inner.part
    }
    const innermost = add({ kind: 'fork', nexts: inOrder(build(part.body, on), on, part.lazy) })
    return around.reduceRight(
      (entry, { before, on, lazy }) =>
        add({ kind: 'fork', nexts: inOrder(buildAll(before, entry), on, lazy) }),
      innermost,
    )
  }

  function buildAll(items: readonly RegexNode[], next: number): number {
    return items.reduceRight((after, item) => build(item, after), next)
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

/** The optional part with which an optional part ends, or begins where it is read backwards, and what stands around that. */
function innerOptional({ body }: RepeatNode) {
  if (body.kind !== 'sequence' || body.items.length < 2) return undefined
  const [first] = body.items
  const last = body.items.at(-1)
  if (isOptional(last)) return { part: last, before: body.items.slice(0, -1), after: [] }
  return isOptional(first) ? { part: first, before: [], after: body.items.slice(1) } : undefined
}

function isOptional(node: RegexNode | undefined): node is RepeatNode & RegexNode {
  return node?.kind === 'repeat' && node.max === 1
}

function inOrder(again: number, on: number, lazy: boolean): readonly number[] {
  return lazy ? [on, again] : [again, on]
}
