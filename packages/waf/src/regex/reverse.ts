import type { Assertion, RegexNode } from './syntax-tree.ts'

const mirrored: Readonly<Record<Assertion, Assertion>> = {
  start: 'end',
  end: 'start',
  'line-start': 'line-end',
  'line-end': 'line-start',
  'word-boundary': 'word-boundary',
  'no-word-boundary': 'no-word-boundary',
}

/** The expression that matches the same texts read from their end; of a tree that an automaton decides exactly. */
export function reverse(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', items: node.items.map(reverse).reverse() }
    case 'choice':
      return { kind: 'choice', branches: node.branches.map(reverse) }
    case 'repeat':
    case 'capture':
      return { ...node, body: reverse(node.body) }
    case 'assertion':
      return { kind: 'assertion', assertion: mirrored[node.assertion] }
    default:
      return node
  }
}
