import { isObject } from './is-object.ts'

/** What a keyword's value must look like, and with that, where its subschemas are. */
export type KeywordShape =
  | 'schema'
  | 'schema list'
  | 'schema map'
  | 'schema or list'
  | 'schema or names map'
  | 'reference'
  | 'count'
  | 'number'
  | 'bound or flag'
  | 'positive number'
  | 'boolean'
  | 'text'
  | 'pattern'
  | 'name list'
  | 'names map'
  | 'types'
  | 'type'
  | 'list'
  | 'discriminator'
  | 'annotation'

const simpleTypes: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
])

const checks: { readonly [S in KeywordShape]: (value: unknown) => boolean } = {
  schema: isSchema,
  'schema list': (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
  'schema map': (value) => isObject(value) && Object.values(value).every(isSchema),
  'schema or list': (value) => isSchema(value) || (Array.isArray(value) && value.every(isSchema)),
  'schema or names map': (value) =>
    isObject(value) && Object.values(value).every((entry) => isSchema(entry) || isNameList(entry)),
  reference: isText,
  count: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
  number: isNumber,
  'bound or flag': (value) => isNumber(value) || typeof value === 'boolean',
  'positive number': (value) => isNumber(value) && value > 0,
  boolean: (value) => typeof value === 'boolean',
  text: isText,
  pattern: isText,
  'name list': isNameList,
  'names map': (value) => isObject(value) && Object.values(value).every(isNameList),
  types: (value) =>
    simpleTypes.has(value) ||
    (Array.isArray(value) && value.length > 0 && value.every((type) => simpleTypes.has(type))),
  type: (value) => simpleTypes.has(value) && value !== 'null',
  list: Array.isArray,
  discriminator: (value) =>
    isObject(value) &&
    isText(value['propertyName']) &&
    (value['mapping'] === undefined ||
      (isObject(value['mapping']) && Object.values(value['mapping']).every(isText))),
  annotation: () => true,
}

const descriptions: { readonly [S in KeywordShape]: string } = {
  schema: 'a schema',
  'schema list': 'a list of at least one schema',
  'schema map': 'a map of names to schemas',
  'schema or list': 'a schema or a list of schemas',
  'schema or names map': 'a map of names to schemas or to lists of names',
  reference: 'a URI reference',
  count: 'a whole number that is not negative',
  number: 'a number',
  'bound or flag': 'a number, true or false',
  'positive number': 'a number above 0',
  boolean: 'true or false',
  text: 'text',
  pattern: 'a regular expression',
  'name list': 'a list of names',
  'names map': 'a map of names to lists of names',
  types: 'one of null, boolean, integer, number, string, array, object, or a list of them',
  type: 'one of boolean, integer, number, string, array, object',
  list: 'a list of values',
  discriminator: 'an object with propertyName, and a mapping of names to references where there is one',
  annotation: 'anything',
}

/** Whether a keyword's value has the shape that its dialect asks for. */
export function hasShape(shape: KeywordShape, value: unknown): boolean {
  return checks[shape](value)
}

/** A shape in words, to end the sentence "… must be". */
export function describeShape(shape: KeywordShape): string {
  return descriptions[shape]
}

/** Whether a value can be a schema at all. */
export function isSchema(value: unknown): boolean {
  return isObject(value) || typeof value === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}
