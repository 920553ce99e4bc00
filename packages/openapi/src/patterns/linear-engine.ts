import { RE2JS } from 're2js'
import { hasFewPaths, isDeterministic } from './determinism.ts'
import { judgeAmbiguity } from './ambiguity.ts'
import type { LookNode, PatternNode } from './pattern-node.ts'
import { partsOf, someNode } from './pattern-node.ts'
import { buildAutomaton } from './position-automaton.ts'
import { writeExactPattern } from './write-pattern.ts'

/** Answers whether a pattern occurs in a text, in time that grows no faster than the text. */
export type Tester = (text: string) => boolean

/** Counted repetitions are written out whole, so that a proof speaks of the pattern itself. */
const proofLimits = { mostNeeded: 1000, mostPossible: 1000, mostPositions: 2000 }

/** Steps of the linear engine for one text, text length times program size: about half a second at its slowest. */
const mostSteps = 20_000_000

/**
 * Finds a way to run a pattern that cannot be made slow: the backtracking engine of the platform where it is
 * proved never to backtrack far, else RE2, which never does. `undefined` where neither is possible.
 */
export function createTester(node: PatternNode): Tester | undefined {
  if (isSafeToBacktrack(node)) return backtracking(node)
  const pieces = splitLookaheads(node)
  if (pieces === undefined) return linear(node)
  const testers = pieces.map(({ body, negated }) => ({ test: createTester(body), negated }))
  if (testers.some(({ test }) => test === undefined)) return undefined
  return (text) => testers.every(({ test, negated }) => test?.(text) !== negated)
}

function backtracking(node: PatternNode): Tester {
  const expression = new RegExp(writeExactPattern(node, 'ecmascript'), 'u')
  return (text) => expression.test(text)
}

function linear(node: PatternNode): Tester | undefined {
  const expression = compileLinear(node)
  if (expression === undefined) return undefined
  const longest = Math.floor(mostSteps / expression.programSize())
  return (text) => text.length <= longest && expression.test(text)
}

function compileLinear(node: PatternNode): RE2JS | undefined {
  if (someNode(node, (part) => part.kind === 'backreference' || (part.kind === 'look' && part.ahead)))
    return undefined
  try {
    return RE2JS.compile(writeExactPattern(node, 're2'), RE2JS.LOOKBEHINDS)
  } catch {
    // RE2 limits counts to 1000 and the size of a program; such a pattern has no linear form here.
    return undefined
  }
}

/** Whether the platform's engine can run a pattern without ever trying more than a constant number of ways. */
function isSafeToBacktrack(node: PatternNode): boolean {
  // V8 14 looks for a match that must end at `$` too near to the end where a character takes two code units.
  if (!isAnchored(node) && someNode(node, (part) => part.kind === 'end')) return false
  // Writing a pattern anew loses its groups, so that a backreference would mean nothing.
  if (someNode(node, (part) => part.kind === 'backreference')) return false
  const automaton = buildAutomaton(node, proofLimits)
  if (automaton === undefined) return false
  // What a search tries at every place of a text counts as repeated.
  if (!lookarounds(node, !isAnchored(node)).every(isSafeLook)) return false
  return hasFewPaths(automaton) || (isAnchored(node) && isDeterministic(automaton))
}

interface FoundLook {
  readonly look: LookNode
  readonly repeated: boolean
}

function lookarounds(node: PatternNode, repeated: boolean): readonly FoundLook[] {
  const here = node.kind === 'look' ? [{ look: node, repeated }] : []
  const inside = repeated || (node.kind === 'repeat' && node.max > 1)
  return [...here, ...partsOf(node).flatMap((part) => lookarounds(part, inside))]
}

// A lookaround that is tried once may read the text once more; one that is tried at every step may only look a few characters far.
function isSafeLook({ look, repeated }: FoundLook): boolean {
  const automaton = buildAutomaton(look.body, proofLimits)
  if (automaton === undefined) return false
  if (hasFewPaths(automaton)) return true
  if (repeated || someNode(look.body, isCounted)) return false
  return !automaton.hasDoubleEdges && judgeAmbiguity(automaton, () => true) === 'bounded'
}

function isCounted(node: PatternNode): boolean {
  return node.kind === 'repeat' && node.max !== Infinity && node.max > 1
}

/** Whether a match can begin only where the text begins. */
export function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'start':
      return true
    case 'sequence': {
      const first = node.items.find((item) => item.kind !== 'look')
      return first !== undefined && isAnchored(first)
    }
    case 'choice':
      return node.options.every(isAnchored)
    default:
      return false
  }
}

/** Whether a match can end only where the text ends. */
export function isClosed(node: PatternNode): boolean {
  switch (node.kind) {
    case 'end':
      return true
    case 'sequence': {
      const last = node.items.findLast((item) => item.kind !== 'look')
      return last !== undefined && isClosed(last)
    }
    case 'choice':
      return node.options.every(isClosed)
    default:
      return false
  }
}

/**
 * Lookaheads that stand right behind `^` are patterns of their own that must hold as well: `^(?=.*\d)x` is
 * `^.*\d` and `^x`. `undefined` where a pattern has none there.
 */
function splitLookaheads(
  node: PatternNode,
): readonly { readonly body: PatternNode; readonly negated: boolean }[] | undefined {
  if (node.kind !== 'sequence' || node.items[0]?.kind !== 'start') return undefined
  const start = node.items[0]
  const rest = node.items.slice(1)
  const count = rest.findIndex((item) => item.kind !== 'look' || !item.ahead)
  const looks = (count < 0 ? rest : rest.slice(0, count)).filter((item) => item.kind === 'look')
  if (looks.length === 0) return undefined
  const anchor = (items: readonly PatternNode[]): PatternNode => ({
    kind: 'sequence',
    items: [start, ...items],
  })
  return [
    ...looks.map((look) => ({ body: anchor([look.body]), negated: look.negated })),
    { body: anchor(rest.slice(looks.length)), negated: false },
  ]
}
