import { isRecord } from '../../pointer/is-record.ts'
import { childPointer, fragmentPointer, pointerTokens, valueAt } from '../../pointer/json-pointer.ts'

/**
 * Where a schema says what the items of a list are, through references; `undefined` where it says anything else of the value
 * that could not be known of one item after the other.
 */
export function itemsOf(root: unknown, pointer: string): string | undefined {
  let place = pointer
  for (let hop = 0; hop < maxHops; hop++) {
    const schema = valueAt(root, pointerTokens(place) ?? [])
    if (!isRecord(schema)) return undefined
    const says = Object.keys(schema).filter((keyword) => !isAnnotation(keyword))
    const { $ref: reference } = schema
    if (says.length === 1 && typeof reference === 'string' && reference.startsWith('#')) {
      const target = fragmentPointer(reference.slice(1))
      if (target === undefined) return undefined
      place = target
      continue
    }
    const isPlain = says.length === 2 && schema['type'] === 'array' && isRecord(schema['items'])
    return isPlain ? childPointer(place, 'items') : undefined
  }
  return undefined
}

const maxHops = 100

const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'summary',
  'default',
  'example',
  'examples',
  'deprecated',
  'externalDocs',
  '$comment',
])

function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || (keyword.startsWith('x-') && !meaningful.has(keyword))
}

const meaningful: ReadonlySet<string> = new Set(['x-data-class', 'x-gateward'])
