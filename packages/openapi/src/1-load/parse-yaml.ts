import type { Alias, Document, Node, Pair, ParsedNode, YAMLMap } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { ParsedText, TextMistake } from './parsed-text.ts'
import { maxDepth } from './parsed-text.ts'
import { PositionIndex } from './position-index.ts'

/** How many values aliases may add to a document: enough for real reuse, too few for a "billion laughs". */
const maxAliasedNodes = 100_000

/**
 * Reads YAML 1.2 (core schema, with `<<` merge keys) into data and positions. Keys are always strings, as JSON
 * has them; aliases become copies, so that no two places of the data are one object.
 */
export function parseYaml(text: string): ParsedText {
  const index = new PositionIndex()
  const document = parseSafely(text)
  if ('offset' in document) return { value: undefined, index, mistakes: [document] }
  if (document.errors.length > 0) {
    const mistakes = document.errors.slice(0, 20).map(toMistake)
    return { value: undefined, index, mistakes }
  }
  const reader = new NodeReader(index)
  const value = reader.read(document.contents)
  return { value: reader.mistakes.length > 0 ? undefined : value, index, mistakes: reader.mistakes }
}

function parseSafely(text: string): Document.Parsed | TextMistake {
  try {
    return parseDocument(text, { version: '1.2', stringKeys: true, prettyErrors: false, logLevel: 'error' })
  } catch (error) {
    // The composer recurses: a text of brackets only can exhaust the stack, which is no reason to stop the process.
    if (!(error instanceof RangeError)) throw error
    return { code: 'syntax', message: `nested deeper than ${maxDepth} levels`, offset: 0 }
  }
}

function toMistake(error: {
  readonly code: string
  readonly message: string
  readonly pos: [number, number]
}): TextMistake {
  const offset = error.pos[0]
  if (error.code !== 'DUPLICATE_KEY') return { code: 'syntax', message: error.message, offset }
  return {
    code: 'duplicate-key',
    message: 'a key stands twice in one map, and readers differ on which one counts',
    fix: 'keep one of them',
    offset,
  }
}

class NodeReader {
  readonly mistakes: TextMistake[] = []
  readonly #index: PositionIndex
  readonly #anchors = new Map<string, Node>()
  readonly #targets = new Map<Alias, Node | undefined>()
  readonly #open = new Set<Node>()
  #aliased = 0
  #aliasDepth = 0

  constructor(index: PositionIndex) {
    this.#index = index
  }

  read(root: ParsedNode | null): unknown {
    return this.#read(root, '', root?.range[0] ?? 0, 0)
  }

  #read(node: unknown, key: string, offset: number, depth: number): unknown {
    if (this.mistakes.length > 0) return null
    if (depth > maxDepth) return this.#fail('syntax', `nested deeper than ${maxDepth} levels`, offset)
    if (this.#aliasDepth > 0 && ++this.#aliased > maxAliasedNodes) {
      return this.#fail('alias-bomb', `aliases repeat more than ${maxAliasedNodes} values`, offset)
    }
    const entry = this.#index.open(key, offset)
    const value = this.#readKind(node, offset, depth)
    this.#index.close(entry)
    return value
  }

  #readKind(node: unknown, offset: number, depth: number): unknown {
    if (isAlias(node)) return this.#readAlias(node, offset, depth)
    if (isMap(node)) return this.#readAnchored(node, () => this.#readMap(node, depth))
    if (isSeq(node)) return this.#readAnchored(node, () => this.#readList(node.items, depth))
    if (isScalar(node)) return this.#readAnchored(node, () => node.value)
    return null
  }

  #readAnchored(node: Node & { anchor?: string }, read: () => unknown): unknown {
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node)
    this.#open.add(node)
    const value = read()
    this.#open.delete(node)
    return value
  }

  #readAlias(alias: Alias, offset: number, depth: number): unknown {
    const target = this.#target(alias)
    if (target === undefined) {
      return this.#fail('unknown-alias', `the alias *${alias.source} has no anchor before it`, offset)
    }
    if (this.#open.has(target)) {
      return this.#fail('circular-alias', `the alias *${alias.source} stands inside its own anchor`, offset)
    }
    this.#aliasDepth++
    const value = this.#readKind(target, offset, depth)
    this.#aliasDepth--
    return value
  }

  /** An alias means the anchor last set before it, also when it is read again as a part of another alias. */
  #target(alias: Alias): Node | undefined {
    if (!this.#targets.has(alias)) this.#targets.set(alias, this.#anchors.get(alias.source))
    return this.#targets.get(alias)
  }

  #readMap(map: YAMLMap, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    const merged: Pair[] = []
    for (const pair of map.items) {
      if (keyOf(pair) === '<<') merged.push(pair)
      else this.#readPair(object, pair, depth)
    }
    for (const pair of merged) this.#merge(object, pair, depth)
    return object
  }

  #readPair(object: Record<string, unknown>, pair: Pair, depth: number): void {
    const key = keyOf(pair)
    const offset = startOf(pair.key) ?? startOf(pair.value) ?? 0
    const value = this.#read(pair.value, key, offset, depth + 1)
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  }

  /** What the map says itself wins over what it merges; of several merged maps the first wins. */
  #merge(object: Record<string, unknown>, merge: Pair, depth: number): void {
    const sources = isSeq(merge.value) ? merge.value.items : [merge.value]
    for (const source of sources) {
      const target = isAlias(source) ? this.#target(source) : source
      if (!isMap(target)) {
        this.#fail('bad-merge', '"<<" needs a map or a list of maps', startOf(merge.key) ?? 0)
        return
      }
      if (this.#open.has(target)) {
        this.#fail('circular-alias', '"<<" merges a map into itself', startOf(merge.key) ?? 0)
        return
      }
      this.#mergeMap(object, target, depth)
    }
  }

  #mergeMap(object: Record<string, unknown>, source: YAMLMap, depth: number): void {
    this.#open.add(source)
    this.#aliasDepth++
    for (const pair of source.items) {
      const key = keyOf(pair)
      if (key === '<<') this.#merge(object, pair, depth + 1)
      else if (!Object.hasOwn(object, key)) this.#readPair(object, pair, depth)
    }
    this.#aliasDepth--
    this.#open.delete(source)
  }

  #readList(items: readonly unknown[], depth: number): unknown[] {
    return items.map((item, position) => this.#read(item, String(position), startOf(item) ?? 0, depth + 1))
  }

  #fail(code: string, message: string, offset: number): null {
    this.mistakes.push({ code, message, offset })
    return null
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function startOf(node: unknown): number | undefined {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && node.range
    ? node.range[0]
    : undefined
}
