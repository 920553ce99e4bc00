import type { ByteClass } from './byte-class.ts'
import type { RegexNode } from './syntax-tree.ts'

/**
 * What bytes a value must hold so that an expression can match anywhere in it: of every class at least one (`all`),
 * or what one of the alternatives asks (`any`).
 */
export type ByteCondition =
  | { readonly kind: 'true' }
  | { readonly kind: 'class'; readonly bytes: ByteClass }
  | { readonly kind: 'all'; readonly parts: readonly ByteCondition[] }
  | { readonly kind: 'any'; readonly parts: readonly ByteCondition[] }

/** An alternative wider than this is replaced by one class that each of its branches needs a byte of. */
const widestAlternative = 8

/** Derives the condition: necessary for a match, never more than that. */
export function byteConditionOf(node: RegexNode): ByteCondition {
  switch (node.kind) {
    case 'bytes':
      return node.bytes.size === 256 ? always : { kind: 'class', bytes: node.bytes }
    case 'sequence':
      return allOf(node.items.map(byteConditionOf))
    case 'choice':
      return anyOf(node.branches.map(byteConditionOf))
    case 'repeat':
      return node.min === 0 ? always : byteConditionOf(node.body)
    case 'capture':
    case 'atomic':
      return byteConditionOf(node.body)
    default:
      return always
  }
}

/** Whether a value with the bytes of the mask fulfils the condition. */
export function holds(condition: ByteCondition, mask: Uint32Array): boolean {
  switch (condition.kind) {
    case 'true':
      return true
    case 'class':
      return condition.bytes.intersects(mask)
    case 'all': {
      for (const part of condition.parts) if (!holds(part, mask)) return false
      return true
    }
    case 'any': {
      for (const part of condition.parts) if (holds(part, mask)) return true
      return false
    }
  }
}

const always: ByteCondition = { kind: 'true' }

function allOf(conditions: readonly ByteCondition[]): ByteCondition {
  const flat = conditions.flatMap((condition) => (condition.kind === 'all' ? condition.parts : [condition]))
  const classes = new Map<string, ByteCondition>()
  const others: ByteCondition[] = []
  for (const condition of flat) {
    if (condition.kind === 'class') classes.set(condition.bytes.key, condition)
    else if (condition.kind !== 'true') others.push(condition)
  }
  // The smallest classes first: they are the likeliest to say no.
  const parts = [...withoutImplied([...classes.values()]).toSorted(bySize), ...others]
  const [only] = parts
  if (only === undefined) return always
  return parts.length === 1 ? only : { kind: 'all', parts }
}

/** A class that holds all of another class asks nothing that the other does not. */
function withoutImplied(classes: readonly ByteCondition[]): readonly ByteCondition[] {
  return classes.filter((wide) => classes.every((narrow) => narrow === wide || !implies(narrow, wide)))
}

function implies(narrow: ByteCondition, wide: ByteCondition): boolean {
  return narrow.kind === 'class' && wide.kind === 'class' && narrow.bytes.isSubsetOf(wide.bytes)
}

function bySize(left: ByteCondition, right: ByteCondition): number {
  return sizeOf(left) - sizeOf(right)
}

function sizeOf(condition: ByteCondition): number {
  return condition.kind === 'class' ? condition.bytes.size : 256
}

function anyOf(conditions: readonly ByteCondition[]): ByteCondition {
  if (conditions.some((condition) => condition.kind === 'true')) return always
  const parts = conditions.flatMap((condition) => (condition.kind === 'any' ? condition.parts : [condition]))
  if (parts.every((part) => part.kind === 'class') || parts.length > widestAlternative) return unionOf(parts)
  return { kind: 'any', parts }
}

function unionOf(parts: readonly ByteCondition[]): ByteCondition {
  const classes = parts.map(rarestClass)
  if (classes.includes(undefined)) return always
  const bytes = classes.filter((part) => part !== undefined).reduce((left, right) => left.union(right))
  return bytes.size === 256 ? always : { kind: 'class', bytes }
}

/** A class that the condition always needs a byte of. */
function rarestClass(condition: ByteCondition): ByteClass | undefined {
  switch (condition.kind) {
    case 'true':
      return undefined
    case 'class':
      return condition.bytes
    case 'all':
      return condition.parts
        .map(rarestClass)
        .filter((bytes) => bytes !== undefined)
        .sort((left, right) => left.size - right.size)[0]
    case 'any': {
      const union = unionOf(condition.parts)
      return union.kind === 'class' ? union.bytes : undefined
    }
  }
}
