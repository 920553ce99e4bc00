import type { KeywordShape } from './keyword-shapes.ts'

/** A vocabulary of keywords and how the dialect reads them. */
export interface Dialect {
  readonly title: string
  readonly keywords: ReadonlyMap<string, KeywordShape>
  /** Keywords that other dialects know and this one does not, each with what to write instead. */
  readonly foreign: ReadonlyMap<string, string>
  /** The keyword by which a schema names itself. */
  readonly identifier: '$id' | 'id' | undefined
  /** Draft 4: `$ref` stands alone, exclusive bounds are booleans, `nullable` adds null, `items` may be a list. */
  readonly isDraft4: boolean
}

const shared: Readonly<Record<string, KeywordShape>> = {
  $ref: 'reference',
  allOf: 'schema list',
  anyOf: 'schema list',
  oneOf: 'schema list',
  not: 'schema',
  properties: 'schema map',
  enum: 'list',
  multipleOf: 'positive number',
  maximum: 'number',
  minimum: 'number',
  maxLength: 'count',
  minLength: 'count',
  pattern: 'pattern',
  maxItems: 'count',
  minItems: 'count',
  uniqueItems: 'boolean',
  maxProperties: 'count',
  minProperties: 'count',
  required: 'name list',
  additionalProperties: 'schema',
  format: 'text',
  readOnly: 'boolean',
  writeOnly: 'boolean',
  discriminator: 'discriminator',
  title: 'annotation',
  description: 'annotation',
  default: 'annotation',
  example: 'annotation',
  examples: 'annotation',
  deprecated: 'annotation',
  xml: 'annotation',
  externalDocs: 'annotation',
  $schema: 'annotation',
  $comment: 'annotation',
}

const only2020: Readonly<Record<string, KeywordShape>> = {
  $id: 'text',
  $anchor: 'text',
  $dynamicAnchor: 'text',
  $dynamicRef: 'reference',
  $defs: 'schema map',
  $vocabulary: 'annotation',
  const: 'annotation',
  if: 'schema',
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's keyword, never awaited
  then: 'schema',
  else: 'schema',
  prefixItems: 'schema list',
  contains: 'schema',
  maxContains: 'count',
  minContains: 'count',
  propertyNames: 'schema',
  dependentSchemas: 'schema map',
  dependentRequired: 'names map',
  unevaluatedProperties: 'schema',
  unevaluatedItems: 'schema',
  contentEncoding: 'annotation',
  contentMediaType: 'annotation',
  contentSchema: 'annotation',
}

/** JSON Schema 2020-12 with OpenAPI's own vocabulary: the dialect of OpenAPI 3.1 and 3.2. */
export const openApi31: Dialect = {
  title: 'OpenAPI 3.1',
  keywords: new Map<string, KeywordShape>([
    ...Object.entries(shared),
    ...Object.entries(only2020),
    ['type', 'types'],
    ['items', 'schema'],
    ['exclusiveMaximum', 'bound or flag'],
    ['exclusiveMinimum', 'bound or flag'],
    ['patternProperties', 'schema map'],
    ['definitions', 'schema map'],
  ]),
  foreign: new Map([
    ['nullable', 'add "null" to type'],
    ['dependencies', 'write dependentRequired or dependentSchemas'],
    ['additionalItems', 'write prefixItems with items'],
    ['id', 'write $id'],
    ['$recursiveRef', 'write $dynamicRef'],
    ['$recursiveAnchor', 'write $dynamicAnchor'],
  ]),
  identifier: '$id',
  isDraft4: false,
}

/**
 * OpenAPI 3.0's dialect, a subset of JSON Schema draft 4 with `nullable`. The rest of draft 4 means what it
 * means there, since documents of this version do use it.
 */
export const openApi30: Dialect = {
  title: 'OpenAPI 3.0',
  keywords: new Map<string, KeywordShape>([
    ...Object.entries(shared),
    ['type', 'type'],
    ['nullable', 'boolean'],
    ['items', 'schema'],
    ['exclusiveMaximum', 'bound or flag'],
    ['exclusiveMinimum', 'bound or flag'],
    ['patternProperties', 'schema map'],
    ['dependencies', 'schema or names map'],
    ['additionalItems', 'schema'],
    ['definitions', 'schema map'],
  ]),
  foreign: new Map([
    ['const', 'write enum with that one value'],
    ['if', 'write anyOf with not'],
    ['then', 'write anyOf with not'],
    ['else', 'write anyOf with not'],
    ['prefixItems', 'write openapi: 3.1.0'],
    ['contains', 'write openapi: 3.1.0'],
    ['propertyNames', 'write openapi: 3.1.0'],
    ['dependentRequired', 'write dependencies'],
    ['dependentSchemas', 'write dependencies'],
    ['unevaluatedProperties', 'write additionalProperties'],
    ['unevaluatedItems', 'write openapi: 3.1.0'],
    ['$dynamicRef', 'write $ref'],
    ['$id', 'name the schema by its place in the document'],
    ['$anchor', 'name the schema by its place in the document'],
    ['$defs', 'write definitions, or move the schemas to components'],
  ]),
  identifier: undefined,
  isDraft4: true,
}

/** Draft 4 whole: what OpenAPI 3.0 took its dialect from, with `id`, lists of types and `items` lists. */
export const draft4: Dialect = {
  ...openApi30,
  title: 'JSON Schema draft 4',
  keywords: new Map<string, KeywordShape>([
    ...openApi30.keywords,
    ['type', 'types'],
    ['items', 'schema or list'],
    ['id', 'text'],
  ]),
  identifier: 'id',
}
