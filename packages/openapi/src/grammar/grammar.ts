import type { Dialect, FieldNotation, ObjectName, ObjectTable } from './objects.ts'
import { objectTables } from './objects.ts'

/** What stands in a field: a value by itself, an object of the specification, or a map or list of either. */
export type Shape =
  | { readonly kind: 'text' | 'flag' | 'any' }
  | { readonly kind: 'object'; readonly name: ObjectName }
  | { readonly kind: 'map' | 'list'; readonly of: Shape }

/** One object of the specification in one dialect. */
export interface ObjectGrammar {
  readonly name: ObjectName
  readonly fields: ReadonlyMap<string, Shape>
  readonly required: readonly string[]
  readonly patterned: Shape | undefined
  /** Whether a `$ref` in its place is followed, */
  readonly referable: boolean
  /** though the specification knows none there. */
  readonly beyondSpecification: boolean
}

/** The objects that a document of one dialect is made of. */
export type Grammar = ReadonlyMap<ObjectName, ObjectGrammar>

const dialects: readonly Dialect[] = ['3.0', '3.1', '3.2']
const grammars = new Map<Dialect, Grammar>()

/** The grammar of a dialect, made once. */
export function grammarOf(dialect: Dialect): Grammar {
  const known = grammars.get(dialect)
  if (known !== undefined) return known
  const grammar = new Map<ObjectName, ObjectGrammar>()
  for (const [name, table] of Object.entries(objectTables)) {
    grammar.set(name as ObjectName, toObjectGrammar(name as ObjectName, table, dialect))
  }
  grammars.set(dialect, grammar)
  return grammar
}

function toObjectGrammar(name: ObjectName, table: ObjectTable, dialect: Dialect): ObjectGrammar {
  const spoken = dialects.slice(0, dialects.indexOf(dialect) + 1)
  const notations = { ...table.fields }
  for (const version of spoken) Object.assign(notations, table.since?.[version])
  const entries = Object.entries(notations)
  const isReferable = table.referable !== undefined && spoken.includes(table.referable)
  return {
    name,
    fields: new Map(entries.map(([field, notation]) => [field, toShape(notation)])),
    required: entries.filter(([, notation]) => notation.endsWith('!')).map(([field]) => field),
    patterned: table.patterned === undefined ? undefined : toShape(table.patterned),
    referable: isReferable || table.oftenReferred === true,
    beyondSpecification: !isReferable && table.oftenReferred === true,
  }
}

function toShape(notation: FieldNotation): Shape {
  const [word = '', ...rest] = notation.replace('!', '').split(' ')
  if (word === 'map' || word === 'list') return { kind: word, of: toShape(rest.join(' ')) }
  if (word === 'text' || word === 'flag' || word === 'any') return { kind: word }
  return { kind: 'object', name: word as ObjectName }
}
