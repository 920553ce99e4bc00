import { isRecord } from '../pointer/is-record.ts'

/** A reference that stands in the way of a pointer. */
interface Crossing {
  readonly owner: Readonly<Record<string, unknown>>
  readonly reference: string
  /** What the pointer names below that reference's target. */
  readonly rest: readonly string[]
}

/**
 * Finds the reference that a pointer leads through, where it ends at one: `/a/items/properties/b` where `/a/items` is a `$ref`. RFC 6901
 * knows of no references, so such a pointer leads to nothing; but tools that put the files of a document into one write them, and
 * mean what stands at that reference's target.
 */
export function findCrossing(root: unknown, tokens: readonly string[]): Crossing | undefined {
  let value = root
  for (const [place, token] of tokens.entries()) {
    if (typeof value !== 'object' || value === null) return undefined
    if (!Object.hasOwn(value, token))
      return isReference(value) ? toCrossing(value, tokens.slice(place)) : undefined
    value = (value as Readonly<Record<string, unknown>>)[token]
  }
  return undefined
}

function isReference(value: object): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value['$ref'] === 'string'
}

function toCrossing(owner: Readonly<Record<string, unknown>>, rest: readonly string[]): Crossing {
  return { owner, reference: String(owner['$ref']), rest }
}
