import type { Ambiguity } from './ambiguity.ts'
import { judgeAmbiguity } from './ambiguity.ts'
import { anyCodePoint } from './code-point-set.ts'
import { isAnchored, isClosed } from './linear-engine.ts'
import type { PatternNode } from './pattern-node.ts'
import { partsOf } from './pattern-node.ts'
import type { PositionAutomaton } from './position-automaton.ts'
import { buildAutomaton } from './position-automaton.ts'

/** A part that may be repeated 16 times or not is as good as unbounded: 2 to the power of 16 ways are too many already. */
const judgeLimits = { mostNeeded: 128, mostPossible: 15, mostPositions: 600 }

/** How the time of a backtracking engine grows with the text for a pattern and each of its lookarounds. */
export function growthOf(node: PatternNode): Ambiguity {
  const bodies = [node, ...lookBodies(node)]
  const growths = new Set(bodies.map((body, index) => growthOfOne(body, index > 0)))
  for (const growth of ['exponential', 'polynomial', 'unknown'] as const)
    if (growths.has(growth)) return growth
  return 'bounded'
}

function growthOfOne(node: PatternNode, fixedStart: boolean): Ambiguity {
  const automaton = buildAutomaton(node, judgeLimits)
  if (automaton === undefined) return 'unknown'
  const succeeds = isClosed(node) ? new Set<number>() : automaton.last
  if (automaton.nullable && !isClosed(node)) return 'bounded'
  if (fixedStart || isAnchored(node)) return judgeAmbiguity(automaton, (state) => !succeeds.has(state))
  return judgeAmbiguity(startAnywhere(automaton), (state) => !succeeds.has(state))
}

// A search tries every place of the text: as if any characters at all stood before the pattern.
function startAnywhere(automaton: PositionAutomaton): PositionAutomaton {
  const before = automaton.sets.length
  const width = before + 1
  const doubleEdges = [...automaton.doubleEdges].map((edge) => {
    const from = Math.floor(edge / before)
    return from * width + (edge % before)
  })
  return {
    ...automaton,
    sets: [...automaton.sets, anyCodePoint],
    follow: [...automaton.follow, [before, ...automaton.first]],
    first: [before, ...automaton.first],
    doubleEdges: new Set(doubleEdges),
  }
}

function lookBodies(node: PatternNode): readonly PatternNode[] {
  const inside = partsOf(node).flatMap(lookBodies)
  return node.kind === 'look' ? [node.body, ...inside] : inside
}
