import { mayBeEmpty } from './measure.ts'
import type { RegexNode } from './syntax-tree.ts'
import { childrenOf } from './syntax-tree.ts'

/**
 * How many parts that may be left out stand side by side, at most. V8 takes time exponential in them to compile an expression,
 * before it has run at all: `(?:a|b)?` twenty times over takes ten seconds.
 */
export function longestOptionalRun(root: RegexNode): number {
  let longest = 0
  let run = 0
  walk(root)
  return longest

  /** Parts of a sequence continue the run before them; those of anything else have one of their own. */
  function walk(node: RegexNode): void {
    if (node.kind === 'bytes') {
      run = 0
      return
    }
    if (node.kind === 'sequence') {
      node.items.forEach(walk)
      return
    }
    if (node.kind === 'capture' || node.kind === 'atomic') {
      walk(node.body)
      return
    }
    if (node.kind === 'assertion') return
    run = mayBeEmpty(node) ? run + 1 : 0
    longest = Math.max(longest, run)
    const outside = run
    for (const child of childrenOf(node)) {
      // What is optional inside of what is optional goes on in the same run.
      run = outside
      walk(child)
    }
    run = outside
  }
}
