import { isRecord } from '../pointer/is-record.ts'
import { childPointer } from '../pointer/json-pointer.ts'
import type { Grammar, ObjectGrammar, Shape } from './grammar.ts'
import type { ObjectName } from './objects.ts'

/** An object of the specification, found where the grammar says it stands. */
export interface Found {
  readonly value: Readonly<Record<string, unknown>>
  readonly type: ObjectGrammar
  readonly pointer: string
}

/** What a walk tells of. */
interface Visitor {
  /** An object, before what is in it. */
  object(found: Found): void
  /** An object with a `$ref` text in a place where the grammar allows a reference; `object` is not called for it. */
  reference(found: Found, reference: string): void
  /** A value of another kind than a field of `owner` holds. */
  mismatch?(value: unknown, shape: Shape, pointer: string, owner: ObjectName): void
}

/**
 * Walks a document along its grammar, so that only what the specification gives a meaning is looked at: an
 * example that happens to hold `$ref` is data. No object is visited twice as the same type.
 */
export class Walker {
  readonly #grammar: Grammar
  readonly #visitor: Visitor
  readonly #seen = new Map<ObjectName, Set<object>>()

  constructor(grammar: Grammar, visitor: Visitor) {
    this.#grammar = grammar
    this.#visitor = visitor
  }

  /** Walks from one value down; references are reported, not followed. */
  walk(value: unknown, name: ObjectName, pointer: string): void {
    this.#walkShape(value, { kind: 'object', name }, pointer, name)
  }

  #walkShape(value: unknown, shape: Shape, pointer: string, owner: ObjectName): void {
    switch (shape.kind) {
      case 'any':
        return
      case 'text':
        if (typeof value !== 'string') this.#visitor.mismatch?.(value, shape, pointer, owner)
        return
      case 'flag':
        if (typeof value !== 'boolean') this.#visitor.mismatch?.(value, shape, pointer, owner)
        return
      case 'map':
        return this.#walkMap(value, shape, pointer, owner)
      case 'list':
        return this.#walkList(value, shape, pointer, owner)
      case 'object':
        return this.#walkObject(value, shape, pointer, owner)
    }
  }

  #walkMap(
    value: unknown,
    shape: Shape & { kind: 'map' | 'list' },
    pointer: string,
    owner: ObjectName,
  ): void {
    if (!isRecord(value)) return this.#visitor.mismatch?.(value, shape, pointer, owner)
    for (const key of Object.keys(value))
      this.#walkShape(value[key], shape.of, childPointer(pointer, key), owner)
  }

  #walkList(
    value: unknown,
    shape: Shape & { kind: 'map' | 'list' },
    pointer: string,
    owner: ObjectName,
  ): void {
    if (!Array.isArray(value)) return this.#visitor.mismatch?.(value, shape, pointer, owner)
    for (const [position, item] of value.entries()) {
      this.#walkShape(item, shape.of, childPointer(pointer, position), owner)
    }
  }

  #walkObject(value: unknown, shape: Shape & { kind: 'object' }, pointer: string, owner: ObjectName): void {
    if (shape.name === 'Schema' && !isRecord(value))
      return this.#walkLooseSchema(value, shape, pointer, owner)
    if (!isRecord(value)) return this.#visitor.mismatch?.(value, shape, pointer, owner)
    const type = this.#grammar.get(shape.name)
    if (type === undefined || !this.#isNew(value, shape.name)) return
    const reference = value['$ref']
    const found = { value, type, pointer }
    if (typeof reference === 'string' && (type.referable || type.name === 'PathItem')) {
      this.#visitor.reference(found, reference)
    } else {
      this.#visitor.object(found)
    }
    this.#walkFields(found)
  }

  /** Schemas may be `true` or `false`, and `items` of older drafts a list. */
  #walkLooseSchema(value: unknown, shape: Shape, pointer: string, owner: ObjectName): void {
    if (Array.isArray(value) && owner === 'Schema')
      this.#walkList(value, { kind: 'list', of: shape }, pointer, owner)
    else if (typeof value !== 'boolean') this.#visitor.mismatch?.(value, shape, pointer, owner)
  }

  #walkFields({ value, type, pointer }: Found): void {
    for (const key of Object.keys(value)) {
      if (key === '$ref' && typeof value[key] === 'string') continue
      const shape = type.fields.get(key) ?? (key.startsWith('x-') ? undefined : type.patterned)
      if (shape !== undefined) this.#walkShape(value[key], shape, childPointer(pointer, key), type.name)
    }
  }

  #isNew(value: object, name: ObjectName): boolean {
    let seen = this.#seen.get(name)
    if (seen === undefined) {
      seen = new Set()
      this.#seen.set(name, seen)
    }
    if (seen.has(value)) return false
    seen.add(value)
    return true
  }
}
