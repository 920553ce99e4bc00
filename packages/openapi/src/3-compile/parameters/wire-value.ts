import type { Decode } from './decode.ts'
import type { DeepReading } from './deep-object.ts'
import { compileDeepObject } from './deep-object.ts'
import type { Reading } from './refusal.ts'
import { Refusal, dangerousName, isDangerousName, repeated } from './refusal.ts'
import { compileScalars, firstOf } from './scalar.ts'
import type { Notation, Split, Strip } from './style.ts'
import { compileEntrySplit, compileItemSplit, compileStrip } from './style.ts'
import type { SchemaTypes } from './typed.ts'

/** How the value of one parameter or form field is read off the wire. */
export interface WireValue {
  /** The readings of one raw text, to be tried in order. */
  readonly single: readonly Reading[]
  /** The reading of a name that may stand several times (an exploded list). */
  readonly repeated: ((raws: readonly string[]) => unknown) | undefined
  /** The reading of `name[key]=value` pairs. */
  readonly deep: DeepReading | undefined
  /** The names that are the value's properties each by itself (an exploded object). */
  readonly properties: ReadonlyMap<string, Reading> | undefined
  /** The reading of every other name, where the exploded object is open. */
  readonly rest: Reading | undefined
}

/** Compiles how a schema's value is read in a notation; `together` are places that may split a value over names. */
export function compileWireValue(
  pointer: string,
  notation: Notation,
  decode: Decode,
  types: SchemaTypes,
  together: boolean,
): WireValue {
  const kinds = types.typesOf(pointer)
  // A schema that names no type says nothing of lists and objects either: its value stays one text.
  const parts = kinds.size < 7
  const list = parts && kinds.has('array')
  const object = parts && kinds.has('object')
  const { style, explode } = notation
  const spread = together && explode && style !== 'deepObject'
  const single: Reading[] = compileScalars(kinds).map((scalar) =>
    inOrder(compileStrip(notation), decode, scalar),
  )
  if (list && !spread) single.push(compileList(pointer, notation, decode, types))
  if (object && !spread && style !== 'deepObject') {
    single.push(compileObject(pointer, notation, decode, types))
  }
  const exploded = object && spread
  return {
    single,
    repeated: list && spread ? compileRepeated(pointer, decode, types) : undefined,
    deep: object && style === 'deepObject' ? compileDeepObject(pointer, types, decode) : undefined,
    properties: exploded ? propertyReadings(pointer, decode, types) : undefined,
    rest: exploded ? restReading(pointer, decode, types) : undefined,
  }
}

function inOrder(strip: Strip, decode: Decode, reading: Reading): Reading {
  return (raw) => {
    const stripped = strip(raw)
    if (stripped instanceof Refusal) return stripped
    const text = decode(stripped)
    return text instanceof Refusal ? text : reading(text)
  }
}

function decoded(decode: Decode, reading: Reading): Reading {
  return (raw) => {
    const text = decode(raw)
    return text instanceof Refusal ? text : reading(text)
  }
}

function scalarOf(pointer: string, types: SchemaTypes): Reading {
  const scalars = compileScalars(types.typesOf(pointer))
  if (scalars.length === 0) types.unreadable(pointer)
  return firstOf(scalars)
}

function compileRepeated(pointer: string, decode: Decode, types: SchemaTypes) {
  const item = decoded(decode, scalarOf(types.itemPointer(pointer) ?? '', types))
  return (raws: readonly string[]) => readAll(raws, item)
}

function compileList(pointer: string, notation: Notation, decode: Decode, types: SchemaTypes): Reading {
  const items = types.itemPointer(pointer) ?? ''
  const split = compileItemSplit(notation, types.typesOf(items).has('string'))
  const item = decoded(decode, scalarOf(items, types))
  return (raw) => {
    const parts = split(raw)
    return parts instanceof Refusal ? parts : readAll(parts, item)
  }
}

/** Reads every raw text of a list; the first refusal is that of the list. */
export function readAll(raws: readonly string[], reading: Reading): unknown {
  const list: unknown[] = []
  for (const raw of raws) {
    const value = reading(raw)
    if (value instanceof Refusal) return value
    list.push(value)
  }
  return list
}

function compileObject(pointer: string, notation: Notation, decode: Decode, types: SchemaTypes): Reading {
  const split = compileEntrySplit(notation)
  const properties = propertyReadings(pointer, decode, types)
  const rest = restReading(pointer, decode, types) ?? decoded(decode, (text) => text)
  return (raw) => readEntries(raw, split, decode, properties, rest)
}

function readEntries(
  raw: string,
  split: Split,
  decode: Decode,
  properties: ReadonlyMap<string, Reading>,
  rest: Reading,
): unknown {
  const entries = split(raw)
  if (entries instanceof Refusal) return entries
  const object: Record<string, unknown> = {}
  for (let at = 0; at + 1 < entries.length; at += 2) {
    const name = decode(entries[at] ?? '')
    if (name instanceof Refusal) return name
    if (isDangerousName(name)) return dangerousName
    if (Object.hasOwn(object, name)) return repeated
    const value = (properties.get(name) ?? rest)(entries[at + 1] ?? '')
    if (value instanceof Refusal) return value
    object[name] = value
  }
  return object
}

function propertyReadings(pointer: string, decode: Decode, types: SchemaTypes): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>()
  for (const [name, property] of types.propertyPointers(pointer)) {
    readings.set(name, decoded(decode, scalarOf(property, types)))
  }
  return readings
}

function restReading(pointer: string, decode: Decode, types: SchemaTypes): Reading | undefined {
  const rest = types.restPointer(pointer)
  return rest === undefined ? undefined : decoded(decode, scalarOf(rest, types))
}
