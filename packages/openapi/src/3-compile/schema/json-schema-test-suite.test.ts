import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import { draft4, openApi31 } from './dialect.ts'
import type { Dialect } from './dialect.ts'
import { isObject } from './is-object.ts'
import { createSchemaCompiler } from './schema-compiler.ts'

const repository = join(import.meta.dirname, '../../../../..')
const suite = join(repository, '../shared/data/json-schema-test-suite')

interface Group {
  readonly description: string
  readonly schema: unknown
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

/** Required cases that are not kept, each with its reason. */
const exceptions: readonly { readonly matches: RegExp; readonly reason: string }[] = [
  {
    matches: /^format\.json: .* is only an annotation by default$/,
    reason:
      'a contract that names a format means it: formats are assertions here, as 2020-12 allows (section 7.2.2)',
  },
  {
    matches: /^vocabulary\.json: .* custom metaschema .*: no validation: invalid number/,
    reason: 'a schema in a dialect of its own is refused at load (unsupported-dialect)',
  },
]

const drafts: readonly { readonly folder: string; readonly dialect: Dialect }[] = [
  { folder: 'draft2020-12', dialect: openApi31 },
  { folder: 'draft4', dialect: draft4 },
]

for (const { folder, dialect } of drafts) {
  describe(`JSON-Schema-Test-Suite, required cases of ${folder}`, { skip: missingSuite() }, () => {
    const remotes = existsSync(suite) ? readRemotes(folder, dialect) : []
    for (const file of requiredFiles(folder)) {
      test(file, () => {
        const groups = JSON.parse(readFileSync(join(suite, 'tests', folder, file), 'utf8')) as Group[]
        assert.deepEqual(
          groups.flatMap((group) => failures(group, file, dialect, remotes)),
          [],
        )
      })
    }
  })
}

function failures(group: Group, file: string, dialect: Dialect, remotes: readonly unknown[]): string[] {
  const body = createSchemaCompiler(toDocument(group.schema, dialect, remotes), {
    dialect,
    closed: [],
  }).compileBody('/components/schemas/tested', {
    mediaType: 'application/json',
    format: 'json',
    direction: 'request',
  })
  return group.tests
    .filter(({ data, valid }) => (body.validate(data).length === 0) !== valid)
    .map(({ description }) => `${file}: ${group.description}: ${description}`)
    .filter((name) => !exceptions.some(({ matches }) => matches.test(name)))
}

// What a loader leaves behind: every document under one root, each schema with the name it was asked for by.
function toDocument(schema: unknown, dialect: Dialect, remotes: readonly unknown[]): LoadedDocument {
  const root = {
    components: { schemas: { tested: named(schema, 'test:/schema', dialect) } },
    'x-bundled': remotes,
  }
  return {
    file: 'suite.json',
    dialect: dialect.isDraft4 ? '3.0' : '3.1',
    root,
    positionOf: () => ({ file: 'suite.json', line: 1, column: 1 }),
  }
}

function named(schema: unknown, uri: string, { identifier, isDraft4 }: Dialect): unknown {
  if (!isObject(schema) || identifier === undefined) return schema
  if (isDraft4 && typeof schema['$ref'] === 'string')
    return { id: uri, allOf: [schema], definitions: schema['definitions'] ?? {} }
  return identifier in schema ? schema : { ...schema, [identifier]: uri }
}

function readRemotes(folder: string, dialect: Dialect): readonly unknown[] {
  const base = join(suite, 'remotes')
  return readdirSync(base, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && (name.startsWith(`${folder}/`) || !/^(draft|v1)/.test(name)))
    .flatMap((name) => {
      const schema: unknown = JSON.parse(readFileSync(join(base, name), 'utf8'))
      return bundled(schema, `http://localhost:1234/${name}`, dialect)
    })
    .concat(readMetaschemas(dialect))
}

// A schema that names itself otherwise than it was asked for is known by both names.
function bundled(schema: unknown, uri: string, dialect: Dialect): unknown[] {
  const { identifier } = dialect
  const own = isObject(schema) && identifier !== undefined ? schema[identifier] : undefined
  if (typeof own !== 'string' || identifier === undefined) return [named(schema, uri, dialect)]
  const absolute = new URL(own, uri).href
  if (absolute === uri) return [schema]
  return [
    schema,
    { [identifier]: uri, ...(dialect.isDraft4 ? { allOf: [{ $ref: absolute }] } : { $ref: absolute }) },
  ]
}

function readMetaschemas({ isDraft4 }: Dialect): readonly unknown[] {
  const modules = join(repository, 'node_modules')
  const read = (path: string): unknown => JSON.parse(readFileSync(join(modules, path), 'utf8'))
  if (isDraft4) return [read('ajv-draft-04/dist/refs/json-schema-draft-04.json')]
  const folder = 'ajv/dist/refs/json-schema-2020-12'
  return readdirSync(join(modules, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => read(join(folder, name)))
}

function requiredFiles(folder: string): readonly string[] {
  const path = join(suite, 'tests', folder)
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : []
}

function missingSuite(): string | false {
  return existsSync(suite)
    ? false
    : 'the folder shared/data/json-schema-test-suite is not beside the repository'
}
