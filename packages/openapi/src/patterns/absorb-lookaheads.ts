import { complement, unite } from './code-point-set.ts'
import type { CodePointSet } from './code-point-set.ts'
import type { LookNode, PatternNode } from './pattern-node.ts'

/**
 * Turns a lookahead at a single character into a smaller set where that character is read next: `(?!-)[a-z-]+`
 * is `[a-z][a-z-]*`. What remains has a linear form more often.
 */
export function absorbLookaheads(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', items: absorbInSequence(node.items.map(absorbLookaheads)) }
    case 'choice':
      return { kind: 'choice', options: node.options.map(absorbLookaheads) }
    case 'repeat':
    case 'look':
      return { ...node, body: absorbLookaheads(node.body) }
    default:
      return node
  }
}

function absorbInSequence(items: readonly PatternNode[]): readonly PatternNode[] {
  const absorbed: PatternNode[] = []
  for (const item of items.toReversed()) {
    const next = absorbed[0]
    const narrowed = item.kind === 'look' && item.ahead && next !== undefined ? narrow(item, next) : undefined
    if (narrowed === undefined) absorbed.unshift(item)
    else absorbed.splice(0, 1, ...narrowed)
  }
  return absorbed
}

function narrow(look: LookNode, next: PatternNode): readonly PatternNode[] | undefined {
  if (look.body.kind !== 'character') return undefined
  const allowed = look.negated ? complement(look.body.set) : look.body.set
  if (next.kind === 'character') return [restrict(next.set, allowed)]
  if (next.kind !== 'repeat' || next.min === 0 || next.body.kind !== 'character') return undefined
  return [restrict(next.body.set, allowed), { ...next, min: next.min - 1, max: next.max - 1 }]
}

function restrict(set: CodePointSet, allowed: CodePointSet): PatternNode {
  return { kind: 'character', set: complement(unite(complement(set), complement(allowed))), text: '' }
}
