import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import { compileSchemas } from './testing.ts'

/** Schemas called A with the mistakes they make: severity, code, line, and words of message or fix. */
const table: readonly (readonly [
  dialect: LoadedDocument['dialect'],
  schema: string,
  severity: 'error' | 'warning',
  code: string,
  line: number,
  words: RegExp,
])[] = [
  ['3.1', 'A:\n  maxLenght: 3', 'warning', 'unknown-keyword', 2, /did you mean "maxLength"/],
  ['3.1', 'A:\n  maxLength: -1', 'error', 'invalid-keyword', 2, /whole number/],
  ['3.1', 'A:\n  type: strin', 'error', 'invalid-keyword', 2, /one of null/],
  [
    '3.1',
    'A:\n  minimum: 1\n  exclusiveMinimum: true',
    'warning',
    'foreign-bound',
    3,
    /exclusiveMinimum: 1 instead/,
  ],
  ['3.1', 'A:\n  minimum: 1\n  exclusiveMinimum: false', 'warning', 'foreign-bound', 3, /remove it/],
  ['3.1', 'A:\n  exclusiveMaximum: true', 'warning', 'ignored-keyword', 2, /add maximum/],
  ['3.1', 'A:\n  exclusiveMinimum: .inf', 'error', 'invalid-keyword', 2, /a number, true or false/],
  ['3.1', 'A:\n  items: [{}]', 'error', 'invalid-keyword', 2, /must be a schema/],
  ['3.1', 'A:\n  type: string\n  nullable: true', 'warning', 'unsupported-keyword', 3, /add "null" to type/],
  ['3.1', 'A:\n  dependencies: {}', 'error', 'unsupported-keyword', 2, /dependentRequired/],
  [
    '3.1',
    'A:\n  $schema: http://json-schema.org/draft-07/schema#',
    'warning',
    'older-dialect',
    2,
    /read as 2020-12/,
  ],
  ['3.1', 'A:\n  $schema: https://example.com/own', 'error', 'unsupported-dialect', 2, /2020-12/],
  ['3.1', 'A:\n  type: string\n  pattern: "^(a+)+$"', 'warning', 'catastrophic-pattern', 3, /write \^a\+\$/],
  ['3.1', 'A:\n  patternProperties:\n    "^(a+)+$": {}', 'warning', 'catastrophic-pattern', 3, /exponential/],
  ['3.1', 'A:\n  pattern: ^(a+)+\\1$', 'error', 'catastrophic-pattern', 2, /exponential/],
  ['3.1', 'A:\n  pattern: "["', 'error', 'invalid-pattern', 2, /no regular expression/],
  ['3.1', 'A:\n  format: emial', 'warning', 'unknown-format', 2, /did you mean "email"/],
  ['3.1', "A:\n  $ref: '#/components/schemas/B'", 'error', 'dangling-reference', 2, /names no schema/],
  ['3.1', 'A:\n  properties:\n    b: 3', 'error', 'invalid-keyword', 3, /map of names to schemas/],
  [
    '3.1',
    'A:\n  x-gateward:\n    sanitize: [strip]',
    'error',
    'invalid-extension',
    3,
    /control, nfc, html, trim/,
  ],
  ['3.1', 'A:\n  x-gateward:\n    scope: 1', 'error', 'invalid-extension', 3, /name the scope/],
  ['3.1', 'A:\n  discriminator: kind', 'error', 'invalid-keyword', 2, /propertyName/],
  [
    '3.1',
    'A:\n  discriminator: { propertyName: k, mapping: { a: B } }',
    'error',
    'dangling-reference',
    2,
    /maps "a" to "B"/,
  ],
  [
    '3.0',
    'A:\n  exclusiveMinimum: 3',
    'warning',
    'foreign-bound',
    2,
    /minimum: 3 with exclusiveMinimum: true/,
  ],
  ['3.0', 'A:\n  exclusiveMinimum: true', 'warning', 'ignored-keyword', 2, /add minimum/],
  ['3.0', 'A:\n  type: [string, "null"]', 'error', 'invalid-keyword', 2, /nullable: true/],
  ['3.0', 'A:\n  const: 3', 'error', 'unsupported-keyword', 2, /write enum/],
  [
    '3.0',
    "A:\n  $ref: '#/components/schemas/B'\n  maxLength: 1\nB: {}",
    'warning',
    'ignored-keyword',
    3,
    /allOf/,
  ],
]

describe('mistakes in schemas', () => {
  for (const [dialect, schema, severity, code, line, words] of table) {
    test(`${schema.replaceAll('\n', ' ')} in ${dialect} is told as ${code} with its line`, () => {
      const { body, compiler } = compileSchemas(schema, dialect)
      const { validate } = body('A')
      const [first, ...others] = compiler.diagnostics
      assert.deepEqual(
        [first?.severity, first?.code, first?.position?.line, others.length],
        [severity, code, line, 0],
      )
      assert.match(`${first?.message} ${first?.fix}`, words)
      // Whatever the mistake, what was compiled answers instead of throwing.
      assert.ok(Array.isArray(validate({ a: 1 })))
    })
  }

  test('are found through references and told once', () => {
    const { body, compiler } = compileSchemas(`
A: { properties: { b: { $ref: '#/components/schemas/B' }, c: { items: { $ref: '#/components/schemas/B' } } } }
B: { maxLength: x, not: { $ref: '#/components/schemas/A' } }
`)
    body('A')
    body('A', 'response')
    body('B')
    assert.equal(compiler.diagnostics.length, 1)
  })

  for (const schema of [
    "A: { $ref: '#/components/schemas/A' }",
    "A: { allOf: [{ $ref: '#/components/schemas/B' }] }\nB: { anyOf: [{ $ref: '#/components/schemas/A' }] }",
    "A: { not: { $ref: '#/components/schemas/A' } }",
  ]) {
    test(`${schema.replaceAll('\n', ' ')} is told to be endless`, () => {
      const { body, compiler } = compileSchemas(schema)
      body('A')
      assert.ok(compiler.diagnostics.length > 0)
      assert.ok(compiler.diagnostics.every(({ code }) => code === 'endless-reference'))
    })
  }

  test("OpenAPI's own words and extensions are none", () => {
    const { body, compiler } = compileSchemas(`
A:
  title: A
  description: all of it
  type: object
  deprecated: true
  example: { a: 1 }
  examples: [1]
  default: {}
  externalDocs: { url: 'https://example.com' }
  xml: { name: a }
  x-anything: { maxLenght: 1 }
  properties: { a: { type: integer, format: int32, readOnly: true }, nullable: { type: string } }
`)
    body('A')
    assert.deepEqual(compiler.diagnostics, [])
  })
})
