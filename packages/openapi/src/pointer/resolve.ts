import { isRecord } from './is-record.ts'
import { fragmentPointer, pointerTokens, valueAt } from './json-pointer.ts'

/** An object of the document, and where it really stands. */
export interface Resolved {
  readonly value: Readonly<Record<string, unknown>>
  readonly pointer: string
}

const maxHops = 100

/**
 * The object that a pointer leads to, through as many local references as stand in the way; `undefined` where
 * there is none, or where references only lead to each other.
 */
export function resolve(root: unknown, pointer: string): Resolved | undefined {
  let place = pointer
  for (let hop = 0; hop < maxHops; hop++) {
    const value = valueAt(root, pointerTokens(place) ?? [])
    if (!isRecord(value)) return undefined
    if (typeof value['$ref'] !== 'string') return { value, pointer: place }
    const target = targetOf(value['$ref'])
    if (target === undefined) return undefined
    place = target
  }
  return undefined
}

/** Whether the references from a pointer on only lead to each other. */
export function isCircular(root: unknown, pointer: string): boolean {
  const seen = new Set<string>()
  for (let place: string | undefined = pointer; place !== undefined;) {
    if (seen.has(place) || seen.size > maxHops) return true
    seen.add(place)
    const value = valueAt(root, pointerTokens(place) ?? [])
    place = isRecord(value) && typeof value['$ref'] === 'string' ? targetOf(value['$ref']) : undefined
  }
  return false
}

function targetOf(reference: string): string | undefined {
  return reference.startsWith('#') ? fragmentPointer(reference.slice(1)) : undefined
}
