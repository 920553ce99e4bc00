import type { BytePartition } from './byte-partition.ts'
import type { LazyAutomaton } from './lazy-automaton.ts'

/** Most pairs of states that are looked at: enough for the patterns of forms and APIs, milliseconds of time. */
const mostPairs = 4_000

/**
 * Whether there is a text in which both automata find a match. `undefined` where that would take too many states to know,
 * which must be taken for yes. A "no" is always right, as every automaton accepts at least what its expression matches.
 */
export function languagesMeet(first: LazyAutomaton, second: LazyAutomaton): boolean | undefined {
  const bytes = representatives(first.partition, second.partition)
  const waiting: [number, number][] = [[first.start, second.start]]
  const seen = new Set([`${first.start} ${second.start}`])
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [left, right] = pair
    if (first.isMatchAtEnd(left) && second.isMatchAtEnd(right)) return true
    for (const byte of bytes) {
      const nextLeft = first.step(left, byte)
      if (first.isDead(nextLeft)) continue
      const nextRight = second.step(right, byte)
      if (second.isDead(nextRight)) continue
      const key = `${nextLeft} ${nextRight}`
      if (seen.has(key)) continue
      if (seen.size >= mostPairs) return undefined
      seen.add(key)
      waiting.push([nextLeft, nextRight])
    }
  }
  return false
}

/** One byte of every class that either automaton tells apart from others. */
function representatives(first: BytePartition, second: BytePartition): readonly number[] {
  const found = new Map<number, number>()
  for (let byte = 0; byte < 256; byte++) {
    const key = (first.groupOf[byte] ?? 0) * 256 + (second.groupOf[byte] ?? 0)
    if (!found.has(key)) found.set(key, byte)
  }
  return [...found.values()]
}
