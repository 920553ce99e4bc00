import type { Beginning } from './measure.ts'
import { beginningOf, followedBy } from './measure.ts'
import type { RegexNode } from './syntax-tree.ts'
import { someNode } from './syntax-tree.ts'

/**
 * Turns possessive repetitions into plain ones where nothing can tell them apart: a run of bytes that cannot be
 * followed by one of its own bytes never has reason to give one back. `\s*+;` becomes `\s*;`.
 */
export function releaseAtoms(root: RegexNode): RegexNode {
  if (!someNode(root, (node) => node.kind === 'atomic')) return root
  return release(root, { bytes: beginningOf({ kind: 'sequence', items: [] }).bytes, mayBeEmpty: true })
}

function release(node: RegexNode, after: Beginning): RegexNode {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', items: releaseItems(node.items, after) }
    case 'choice':
      return { kind: 'choice', branches: node.branches.map((branch) => release(branch, after)) }
    case 'capture':
      return { ...node, body: release(node.body, after) }
    case 'repeat': {
      const again = node.max > 1 ? beginningOf(node.body) : undefined
      const next = again === undefined ? after : { ...after, bytes: again.bytes.union(after.bytes) }
      return { ...node, body: release(node.body, next) }
    }
    case 'atomic': {
      const { body } = node
      if (body.kind !== 'repeat' || body.body.kind !== 'bytes' || body.lazy) return node
      return body.body.bytes.intersects(after.bytes.words) ? node : body
    }
    default:
      return node
  }
}

function releaseItems(items: readonly RegexNode[], after: Beginning): readonly RegexNode[] {
  const released: RegexNode[] = []
  let next = after
  for (const item of items.toReversed()) {
    released.push(release(item, next))
    next = followedBy(beginningOf(item), next)
  }
  return released.reverse()
}
