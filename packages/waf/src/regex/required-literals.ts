import type { ByteClass } from './byte-class.ts'
import type { RegexNode } from './syntax-tree.ts'

/** Lower-case ASCII texts, of which a value must hold at least one. */
export type AnyOfLiterals = readonly string[]

/** All literals of all rules are looked for at once, so that many cost no more than few; but each takes memory. */
const mostLiterals = 64
/** Of the branches of a choice together. */
const mostMerged = 400
const longestLiteral = 24
const mostSets = 3

/**
 * Texts without which the expression cannot match, the most telling sets first. Letter case is folded on both sides,
 * which only lets more values through.
 */
export function requiredLiteralsOf(root: RegexNode): readonly AnyOfLiterals[] {
  const { exact, required } = collect(root)
  const sets = (exact === undefined ? required : [...required, exact])
    .map((set) => Array.from(new Set(set)))
    .filter((set) => set.every((literal) => literal.length >= 2))
  return sets.sort((left, right) => worth(right) - worth(left)).slice(0, mostSets)
}

/** What is known of a node: all texts it can match, where these are few, and sets of which one must occur. */
interface Literals {
  readonly exact: AnyOfLiterals | undefined
  readonly required: readonly AnyOfLiterals[]
}

const unknown: Literals = { exact: undefined, required: [] }

function collect(node: RegexNode): Literals {
  switch (node.kind) {
    case 'bytes':
      return { exact: lettersOf(node.bytes), required: [] }
    case 'sequence':
      return collectSequence(node.items)
    case 'choice':
      return collectChoice(node.branches)
    case 'capture':
    case 'atomic':
      return collect(node.body)
    case 'repeat':
      return collectRepeat(node.body, node.min, node.max)
    case 'assertion':
    case 'look':
      return { exact: [''], required: [] }
    default:
      return unknown
  }
}

function collectSequence(items: readonly RegexNode[]): Literals {
  const required: AnyOfLiterals[] = []
  let run: AnyOfLiterals = ['']
  let whole = true
  for (const item of items) {
    const { exact, required: inner } = collect(item)
    required.push(...inner)
    const longer = exact === undefined ? undefined : combine(run, exact)
    if (longer !== undefined) {
      run = longer
      continue
    }
    whole = false
    required.push(run)
    run = exact ?? ['']
  }
  return whole ? { exact: run, required } : { exact: undefined, required: [...required, run] }
}

function collectChoice(branches: readonly RegexNode[]): Literals {
  const all = branches.map(collect)
  const exact = all.map((branch) => branch.exact)
  const union = exact.includes(undefined) ? undefined : exact.flatMap((texts) => texts ?? [])
  if (union !== undefined && union.length <= mostLiterals) return { exact: union, required: [] }
  const best = all.map(bestOf)
  if (best.includes(undefined)) return unknown
  const merged = best.flatMap((set) => set ?? [])
  return merged.length <= mostMerged ? { exact: undefined, required: [merged] } : unknown
}

function collectRepeat(body: RegexNode, min: number, max: number): Literals {
  const inner = collect(body)
  if (min === 0 && max === 1 && inner.exact !== undefined)
    return { exact: ['', ...inner.exact], required: [] }
  if (min === 0) return unknown
  const required = inner.exact === undefined ? inner.required : [...inner.required, inner.exact]
  return { exact: undefined, required }
}

/** The most telling set that a branch needs. */
function bestOf({ exact, required }: Literals): AnyOfLiterals | undefined {
  const sets = exact === undefined ? required : [...required, exact]
  return sets.filter((set) => worth(set) > 0).sort((left, right) => worth(right) - worth(left))[0]
}

/** Long literals are rare in values, and few are quickly looked for. */
function worth(set: AnyOfLiterals): number {
  const shortest = Math.min(...set.map((literal) => literal.length))
  return shortest < 2 ? 0 : shortest * 8 - set.length
}

function combine(before: AnyOfLiterals, after: AnyOfLiterals): AnyOfLiterals | undefined {
  if (before.length === 1 && after.length === 1) {
    const text = `${before[0]}${after[0]}`
    return text.length > longestLiteral ? undefined : [text]
  }
  if (before.length * after.length > mostLiterals) return undefined
  const combined = before.flatMap((first) => after.map((second) => first + second))
  return combined.every((text) => text.length <= longestLiteral) ? combined : undefined
}

/** The texts of a class of few ASCII bytes, in lower case. */
function lettersOf(bytes: ByteClass): AnyOfLiterals | undefined {
  const known = lettersOfClass.get(bytes)
  if (known !== undefined) return known
  const letters = findLetters(bytes)
  if (letters !== undefined) lettersOfClass.set(bytes, letters)
  return letters
}

const lettersOfClass = new WeakMap<ByteClass, AnyOfLiterals>()

function findLetters(bytes: ByteClass): AnyOfLiterals | undefined {
  if (bytes.size > 8 || bytes.size === 0) return undefined
  const texts = new Set<string>()
  for (const [first, last] of bytes.ranges()) {
    if (last >= 0x80) return undefined
    for (let byte = first; byte <= last; byte++) texts.add(String.fromCharCode(byte).toLowerCase())
  }
  return texts.size <= 4 ? [...texts] : undefined
}
