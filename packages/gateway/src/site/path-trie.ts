import { compileMixedSegment, matchMixedSegment, type MixedSegment } from './mixed-segment.ts'
import type { TemplateSegment } from './path-template.ts'

/**
 * Path templates as a tree of segments. A segment is first taken as text, then as text with variables (the one with the
 * most text first), then as a variable, as OpenAPI orders them (3.1 section 4.8.8.1); a branch that
 * leads nowhere is left for the next. A node stands at one depth and is visited at most once for a
 * path, so the time is bounded by the size of the tree.
 */
export class PathTrie<Value> {
  readonly #root = new TrieNode<Value>()

  /** The value at a template; made by `create` where there is none yet. Names of variables make no difference. */
  enter(segments: readonly TemplateSegment[], create: () => Value): Value {
    let node = this.#root
    for (const segment of segments) node = node.child(segment)
    node.value ??= create()
    return node.value
  }

  /**
   * Finds the value for a canonical path from the slash at `start`, and appends the raw texts of the variables to
   * `values`; `undefined` where no template fits.
   */
  find(path: string, start: number, values: string[]): Value | undefined {
    return this.#root.find(path, start, values)
  }
}

interface MixedChild<Value> {
  readonly segment: MixedSegment
  readonly node: TrieNode<Value>
}

class TrieNode<Value> {
  value: Value | undefined
  readonly #statics = new Map<string, TrieNode<Value>>()
  #mixed: readonly MixedChild<Value>[] = []
  #variable: TrieNode<Value> | undefined

  child(segment: TemplateSegment): TrieNode<Value> {
    if (segment.kind === 'variable') return (this.#variable ??= new TrieNode<Value>())
    if (segment.kind === 'mixed') return this.#mixedChild(segment.literals)
    const known = this.#statics.get(segment.text)
    if (known !== undefined) return known
    const node = new TrieNode<Value>()
    this.#statics.set(segment.text, node)
    return node
  }

  find(path: string, start: number, values: string[]): Value | undefined {
    if (start === path.length) return this.value
    const slash = path.indexOf('/', start + 1)
    const end = slash === -1 ? path.length : slash
    const segment = path.slice(start + 1, end)
    const found = this.#statics.get(segment)?.find(path, end, values)
    return found ?? this.#findVariable(path, end, segment, values)
  }

  #findVariable(path: string, end: number, segment: string, values: string[]): Value | undefined {
    const count = values.length
    for (const { segment: mixed, node } of this.#mixed) {
      if (!matchMixedSegment(mixed, segment, values)) continue
      const found = node.find(path, end, values)
      if (found !== undefined) return found
      values.length = count
    }
    if (this.#variable === undefined || segment === '') return undefined
    values.push(segment)
    const found = this.#variable.find(path, end, values)
    if (found === undefined) values.length = count
    return found
  }

  #mixedChild(literals: readonly string[]): TrieNode<Value> {
    const known = this.#mixed.find(({ segment }) => sameTexts(segment.literals, literals))
    if (known !== undefined) return known.node
    const child = { segment: compileMixedSegment(literals), node: new TrieNode<Value>() }
    this.#mixed = [...this.#mixed, child].sort((left, right) => right.segment.weight - left.segment.weight)
    return child.node
  }
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index])
}
