import type { Decode } from './decode.ts'
import type { Reading } from './refusal.ts'
import { Refusal, dangerousName, isDangerousName, repeated } from './refusal.ts'
import { compileScalars, firstOf } from './scalar.ts'
import type { SchemaTypes } from './typed.ts'

/** The readings of a schema and of all below it; a recursive schema is a cycle of nodes. */
interface DeepNode {
  readonly scalar: Reading
  readonly item: DeepNode | undefined
  readonly properties: Map<string, DeepNode>
  rest: DeepNode | undefined
}

/** A raw value and the bracketed names that led to it: `filter[a][b]=1` is `['a', 'b']` and `1`. */
export interface DeepEntry {
  readonly path: readonly string[]
  readonly raw: string
}

/** Builds the object out of its entries. */
export type DeepReading = (entries: readonly DeepEntry[]) => unknown

const maxLevels = 6
const tooDeep = new Refusal('encoding', `has more than ${maxLevels} levels of brackets`)
const mixed = new Refusal('type', 'is used as a value and as an object')
const badIndex = new Refusal('type', 'has items that are not numbered 0, 1, 2, …')
const loose: DeepNode = { scalar: (text) => text, item: undefined, properties: new Map(), rest: undefined }

/**
 * Compiles the style `deepObject`. The specification defines one level of brackets; deeper ones and lists
 * (`a[]=1`, `a[0]=1`, `a=1` repeated) are read as the widespread query parsers do.
 */
export function compileDeepObject(pointer: string, types: SchemaTypes, decode: Decode): DeepReading {
  const root = compileNode(pointer, types, new Map())
  return (entries) => {
    const target: Record<string, unknown> = {}
    for (const { path, raw } of entries) {
      const text = decode(raw)
      const refusal = text instanceof Refusal ? text : place(target, root, path, text)
      if (refusal !== undefined) return refusal
    }
    return target
  }
}

/** The bracketed names after a base name; `undefined` where the rest is written in another way. */
export function bracketPath(text: string): readonly string[] | undefined {
  if (!/^(?:\[[^[\]]*\])+$/.test(text)) return undefined
  return text.slice(1, -1).split('][')
}

function compileNode(pointer: string, types: SchemaTypes, known: Map<string, DeepNode>): DeepNode {
  if (pointer === '') return loose
  const existing = known.get(pointer)
  if (existing !== undefined) return existing
  const kinds = types.typesOf(pointer)
  const node = {
    scalar: firstOf(compileScalars(kinds)),
    item: undefined as DeepNode | undefined,
    properties: new Map<string, DeepNode>(),
    rest: undefined as DeepNode | undefined,
  }
  // Known before its children are, so that a schema that holds itself ends here.
  known.set(pointer, node)
  if (kinds.has('array')) node.item = compileNode(types.itemPointer(pointer) ?? '', types, known)
  if (!kinds.has('object')) return node
  for (const [name, property] of types.propertyPointers(pointer)) {
    node.properties.set(name, compileNode(property, types, known))
  }
  const rest = types.restPointer(pointer)
  if (rest !== undefined) node.rest = compileNode(rest, types, known)
  return node
}

function place(
  target: Record<string, unknown>,
  root: DeepNode,
  path: readonly string[],
  text: string,
): Refusal | undefined {
  if (path.length > maxLevels) return tooDeep
  let container: Record<string, unknown> | unknown[] = target
  let node = root
  for (const [level, token] of path.entries()) {
    const key = Array.isArray(container) ? itemKey(container, token) : token
    if (key instanceof Refusal) return key
    if (isDangerousName(key)) return dangerousName
    node = (Array.isArray(container) ? node.item : (node.properties.get(key) ?? node.rest)) ?? loose
    const last = level === path.length - 1
    if (last) return put(container, key, node, text)
    const next: unknown = memberOf(container, key) ?? (node.item === undefined ? {} : [])
    if (typeof next !== 'object' || next === null) return mixed
    setMember(container, key, next)
    container = next as Record<string, unknown> | unknown[]
  }
  return undefined
}

function put(
  container: Record<string, unknown> | unknown[],
  key: string,
  node: DeepNode,
  text: string,
): Refusal | undefined {
  const present = memberOf(container, key)
  if (node.item === undefined) {
    if (present !== undefined) return repeated
    const value = node.scalar(text)
    if (value instanceof Refusal) return value
    setMember(container, key, value)
    return undefined
  }
  const list: unknown = present ?? []
  const item = node.item.scalar(text)
  if (item instanceof Refusal) return item
  if (!Array.isArray(list)) return mixed
  list.push(item)
  setMember(container, key, list)
  return undefined
}

function itemKey(list: readonly unknown[], token: string): string | Refusal {
  if (token === '') return String(list.length)
  return /^\d{1,4}$/.test(token) && Number(token) <= list.length ? String(Number(token)) : badIndex
}

function memberOf(container: Record<string, unknown> | unknown[], key: string): unknown {
  return Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined
}

function setMember(container: Record<string, unknown> | unknown[], key: string, value: unknown): void {
  ;(container as Record<string, unknown>)[key] = value
}
