import { RegexSyntaxError } from './regex-mistake.ts'
import type { RegexNode, RepeatNode } from './syntax-tree.ts'
import { emptyNode, sequenceOf } from './syntax-tree.ts'

const maximumNodes = 50_000

/** What walks a tree calls itself as deep as optional parts are nested: far from the end of the stack wherever a request comes by. */
const mostNested = 1_000

/**
 * Writes counted repetitions out, `a{2,4}` as `aa(?:a(?:a)?)?`, because V8's linear engine knows no counters. Of a
 * capturing body only the last copy captures, as a repeated group would.
 */
export function unrollCounts(root: RegexNode): RegexNode {
  let nodes = 0
  return unroll(root)

  function unroll(node: RegexNode): RegexNode {
    if (++nodes > maximumNodes) throw tooLarge()
    switch (node.kind) {
      case 'sequence': {
        const items = mapped(node.items, unroll)
        return items === node.items ? node : { kind: 'sequence', items }
      }
      case 'choice': {
        const branches = mapped(node.branches, unroll)
        return branches === node.branches ? node : { kind: 'choice', branches }
      }
      case 'repeat':
        return unrollRepeat(node)
      case 'capture':
      case 'look':
      case 'atomic':
        return withBody(node, unroll(node.body))
      default:
        return node
    }
  }

  function unrollRepeat(node: RepeatNode): RegexNode {
    const { body, min, max, lazy } = node
    if (max === 0) return emptyNode
    if (min === 1 && max === 1) return unroll(body)
    if (min <= 1 && (max === 1 || max === Infinity)) return withBody(node, unroll(body))
    if (min === 0) return { kind: 'repeat', body: unroll({ ...node, min: 1 }), min: 0, max: 1, lazy }
    const silent = withoutCaptures(body)
    const copies = Array.from({ length: min - 1 }, () => unroll(silent))
    if (max === Infinity) return sequenceOf([...copies, { ...node, min: 1, body: unroll(body) }])
    const optional = nestOptional(silent, max - min, lazy)
    return sequenceOf([...copies, ...(optional === undefined ? [] : [optional]), unroll(body)])
  }

  /** Nested, not side by side: `a?a?a?` would let one text match in many ways. */
  function nestOptional(body: RegexNode, times: number, lazy: boolean): RegexNode | undefined {
    if (times > mostNested) throw tooLarge()
    let nested: RegexNode | undefined
    for (let count = 0; count < times; count++) {
      const copy = unroll(body)
      const inner = nested === undefined ? copy : sequenceOf([copy, nested])
      nested = { kind: 'repeat', body: inner, min: 0, max: 1, lazy }
    }
    return nested
  }
}

function tooLarge(): RegexSyntaxError {
  return new RegexSyntaxError('its counts make it too large', 'write smaller counts, or * or +', 0)
}

/** Most parts of most expressions have no counts, and stay the objects that they are. */
function withBody<Node extends RegexNode & { readonly body: RegexNode }>(node: Node, body: RegexNode): Node {
  return body === node.body ? node : { ...node, body }
}

function mapped(nodes: readonly RegexNode[], change: (node: RegexNode) => RegexNode): readonly RegexNode[] {
  let changed: RegexNode[] | undefined
  for (const [index, node] of nodes.entries()) {
    const next = change(node)
    if (next !== node) changed ??= nodes.slice(0, index)
    changed?.push(next)
  }
  return changed ?? nodes
}

function withoutCaptures(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'capture':
      return withoutCaptures(node.body)
    case 'sequence':
      return { kind: 'sequence', items: node.items.map(withoutCaptures) }
    case 'choice':
      return { kind: 'choice', branches: node.branches.map(withoutCaptures) }
    case 'repeat':
    case 'look':
    case 'atomic':
      return { ...node, body: withoutCaptures(node.body) }
    default:
      return node
  }
}
