import type { SettingPath } from './settings-tree.ts'

/** The members of JSON Schema that describe a setting; `z.toJSONSchema` writes them. */
export interface SettingSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SettingSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SettingSchema | boolean
  readonly items?: SettingSchema
  readonly anyOf?: readonly SettingSchema[]
  readonly oneOf?: readonly SettingSchema[]
  readonly allOf?: readonly SettingSchema[]
  /** How a text is to be written, where it is more than a text. */
  readonly 'x-form'?: 'path' | 'secret' | 'duration' | 'size' | 'instant'
  /** The section of the reference that tells what stands here, too. */
  readonly 'x-same-as'?: string
  /** The guard whose settings a section overrides. */
  readonly 'x-overrides'?: string
}

/** The schemas that may describe the setting at a path: several where there is a choice, none where it is unknown. */
export function schemasAt(root: SettingSchema, path: SettingPath): readonly SettingSchema[] {
  let schemas = alternatives(root)
  for (const key of path) schemas = schemas.flatMap((schema) => childrenOf(schema, key)).flatMap(alternatives)
  return schemas
}

/** A schema itself, or what it offers to choose from. */
export function alternatives(schema: SettingSchema): readonly SettingSchema[] {
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf
  return choice === undefined ? [schema] : choice.flatMap(alternatives)
}

/** The names that may stand in a section; empty where any may. */
export function namesIn(schemas: readonly SettingSchema[]): readonly string[] {
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))]
}

/** What to write instead, in words: `a whole number from 1 to 65535`; `undefined` where the schema says nothing. */
export function describeExpected(schemas: readonly SettingSchema[]): string | undefined {
  const phrases = new Set(schemas.map(describeOne).filter((phrase) => phrase !== undefined))
  return phrases.size === 0 ? undefined : joinWords([...phrases], 'or')
}

/** `a`, `a or b`, `a, b or c`. */
export function joinWords(words: readonly string[], conjunction: string): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

function childrenOf(schema: SettingSchema, key: PropertyKey): readonly SettingSchema[] {
  if (typeof key === 'number') return schema.items === undefined ? [] : [schema.items]
  const declared =
    schema.properties !== undefined && Object.hasOwn(schema.properties, key)
      ? schema.properties[String(key)]
      : undefined
  if (declared !== undefined) return [declared]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

const formPhrases = {
  path: 'a path',
  secret: 'env:NAME or file:/path',
  duration: 'a duration such as 30s',
  size: 'a size such as 16KB',
  instant: 'a day such as 2027-03-01, or a moment such as 2027-03-01T09:00:00Z',
} as const

function describeOne(schema: SettingSchema): string | undefined {
  if (schema['x-form'] !== undefined) return formPhrases[schema['x-form']]
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', '')
  if (schema.enum !== undefined) return joinWords(schema.enum.map(String), 'or')
  switch (schema.type) {
    case 'integer':
      return `a whole number${describeRange(schema)}`
    case 'number':
      return `a number${describeRange(schema)}`
    case 'boolean':
      return 'true or false'
    case 'string':
      return typeof schema.default === 'string' ? `a text such as ${schema.default}` : 'a text'
    case 'array':
      return 'a list'
    case 'object':
      return describeSection(schema)
    default:
      return undefined
  }
}

function describeRange({ minimum, maximum }: SettingSchema): string {
  // A schema of safe integers states the language's own bounds; they help nobody.
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`
  if (low !== undefined) return ` of at least ${low}`
  return high === undefined ? '' : ` of at most ${high}`
}

const mostNames = 6

function describeSection(schema: SettingSchema): string {
  const names = Object.keys(schema.properties ?? {})
  if (names.length === 0) return 'a section with names of your own'
  const shown = names.slice(0, mostNames)
  return `a section of ${joinWords(names.length > mostNames ? [...shown, '…'] : shown, 'and')}`
}
