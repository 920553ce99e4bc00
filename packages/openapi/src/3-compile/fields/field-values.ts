import type { FieldValues } from '../../contract.ts'

const mostEnumValues = 1_000
const typed = new Set(['integer', 'number', 'boolean'])
const formatted = new Set(['uuid', 'date', 'date-time'])

/** What a schema says in one simple assertion of the values that keep it; `undefined` where it says nothing so simple. */
export function fieldValues(schema: Readonly<Record<string, unknown>>): FieldValues | undefined {
  return listed(schema) ?? ofType(schema)
}

function listed(schema: Readonly<Record<string, unknown>>): FieldValues | undefined {
  const values = Object.hasOwn(schema, 'const') ? [schema['const']] : schema['enum']
  if (!Array.isArray(values) || values.length > mostEnumValues) return undefined
  const texts = values.filter((value) => value !== null).map(textOf)
  return texts.every((text) => text !== undefined) ? { kind: 'enum', values: texts } : undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function ofType({ type, format, pattern }: Readonly<Record<string, unknown>>): FieldValues | undefined {
  const [only, ...others] = (Array.isArray(type) ? type : [type]).filter((name) => name !== 'null')
  if (others.length > 0 || typeof only !== 'string') return undefined
  if (typed.has(only)) return { kind: only as 'integer' | 'number' | 'boolean' }
  if (only !== 'string') return undefined
  if (typeof format === 'string' && formatted.has(format)) {
    return { kind: format as 'uuid' | 'date' | 'date-time' }
  }
  return typeof pattern === 'string' ? { kind: 'pattern', source: pattern } : undefined
}
