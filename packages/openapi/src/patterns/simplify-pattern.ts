import { unite } from './code-point-set.ts'
import type { PatternNode, RepeatNode } from './pattern-node.ts'
import { writePattern } from './write-pattern.ts'

/**
 * Writes the same language with fewer ways to read it: a repetition of a repetition becomes one, equal or
 * single-character alternatives become one set, equal neighbours that repeat become one. `(a+)+` becomes `a+`.
 */
export function simplifyPattern(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'sequence':
      return simplifySequence(node.items.map(simplifyPattern))
    case 'choice':
      return simplifyChoice(node.options.map(simplifyPattern))
    case 'repeat':
      return simplifyRepeat({ ...node, body: simplifyPattern(node.body) })
    case 'look':
      return { ...node, body: simplifyPattern(node.body) }
    default:
      return node
  }
}

function simplifyRepeat(node: RepeatNode): PatternNode {
  const { body, min, max } = node
  if (min === 1 && max === 1) return body
  if (max !== Infinity || body.kind !== 'repeat' || body.max !== Infinity) return node
  // (x{n,})+ holds at least n; with n above 1 a `*` outside would also let the empty text through.
  if (body.min <= 1) return { ...body, min: Math.min(1, min) * body.min }
  return min === 1 ? body : node
}

function simplifySequence(items: readonly PatternNode[]): PatternNode {
  const merged: PatternNode[] = []
  for (const item of items.flatMap((part) => (part.kind === 'sequence' ? part.items : [part]))) {
    const last = merged.at(-1)
    const joined = last === undefined ? undefined : joinNeighbours(last, item)
    if (joined === undefined) merged.push(item)
    else merged[merged.length - 1] = joined
  }
  return merged.length === 1 && merged[0] !== undefined ? merged[0] : { kind: 'sequence', items: merged }
}

function joinNeighbours(left: PatternNode, right: PatternNode): PatternNode | undefined {
  if (left.kind !== 'repeat' || right.kind !== 'repeat') return undefined
  if (left.max !== Infinity && right.max !== Infinity) return undefined
  if (writePattern(left.body) !== writePattern(right.body)) return undefined
  return { ...left, min: left.min + right.min, max: Infinity }
}

function simplifyChoice(options: readonly PatternNode[]): PatternNode {
  const distinct = new Map(options.map((option) => [writePattern(option), option]))
  const kept = mergeCharacters([...distinct.values()])
  return kept.length === 1 && kept[0] !== undefined ? kept[0] : { kind: 'choice', options: kept }
}

function mergeCharacters(options: readonly PatternNode[]): readonly PatternNode[] {
  const characters = options.filter((option) => option.kind === 'character')
  const others = options.filter((option) => option.kind !== 'character')
  const texts = characters.map((character) => classText(character.text))
  if (characters.length < 2 || texts.includes(undefined)) return options
  const set = unite(...characters.map((character) => character.set))
  return [{ kind: 'character', set, text: `[${texts.join('')}]` }, ...others]
}

// What stands between the brackets of a class; a negated class or a full stop cannot be joined to another.
function classText(text: string): string | undefined {
  if (text === '.' || text.startsWith('[^')) return undefined
  if (text.startsWith('[')) return text.slice(1, -1)
  return text === '-' ? '\\-' : text
}
