import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { valueAt } from '../pointer/json-pointer.ts'
import { resolve } from '../pointer/resolve.ts'
import { loadDocument } from './load-document.ts'

const head = `openapi: 3.1.0\ninfo: { title: Sample, version: '1' }\n`

/** Writes files into a folder of their own, loads the first, and removes the folder. */
async function load(files: Readonly<Record<string, string>>, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gateward-load-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    const [first = ''] = Object.keys(files)
    const result = await loadDocument({ file: join(folder, first) }, options)
    const shorten = (file: string | undefined) => file?.slice(folder.length + 1)
    return { ...result, shorten }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function mistakesOf(text: string, options = {}) {
  const { diagnostics } = await loadDocument({ text, file: 'sample.yaml' }, options)
  return diagnostics.map(({ code, position }) => `${position?.line} ${code}`)
}

test('references to other files become references into the document, with their positions', async () => {
  const { document, diagnostics, shorten, files } = await load({
    'api.yaml': `${head}paths:\n  /a: { $ref: 'paths/a.yaml' }\ncomponents:\n  schemas:\n    Local: { type: string }`,
    'paths/a.yaml':
      'get:\n  responses:\n    200:\n      description: fine\n      content:\n        application/json:\n          schema: { $ref: "../types.json#/defs/a~1b%20c" }',
    'types.json':
      '{"defs": {\n "a/b c": {"items": {"$ref": "#/defs/other"}},\n "other": {"$ref": "api.yaml#/components/schemas/Local"}}}',
  })
  assert.deepEqual(diagnostics, [])
  assert.ok(document)
  const item = resolve(document.root, '/paths/~1a')
  assert.equal(item?.pointer, '/x-bundled/0')
  const schema = resolve(document.root, '/x-bundled/0/get/responses/200/content/application~1json/schema')
  assert.equal(schema?.pointer, '/x-bundled/1/defs/a~1b c')
  assert.equal(resolve(document.root, `${schema.pointer}/items`)?.pointer, '/components/schemas/Local')
  const position = document.positionOf('/x-bundled/1/defs/other')
  assert.deepEqual([shorten(position.file), position.line], ['types.json', 3])
  assert.deepEqual(files.map(shorten), ['api.yaml', 'paths/a.yaml', 'types.json'])
})

test('a reference may lead through others, as tools write them that put files into one', async () => {
  const { document, diagnostics } = await load({
    'api.yaml': `${head}components:
  schemas:
    Whole: { properties: { parts: { items: { $ref: '#/components/schemas/Part' } } } }
    Name: { $ref: '#/components/schemas/Whole/properties/parts/items/properties/names/items' }
    Part: { $ref: 'part.yaml#/defs/Part' }`,
    'part.yaml': `defs:
  Part: { properties: { names: { $ref: '#/defs/Names' } } }
  Names: { items: { type: string } }`,
  })
  assert.deepEqual(diagnostics, [])
  assert.ok(document)
  assert.equal(resolve(document.root, '/components/schemas/Name')?.pointer, '/x-bundled/0/defs/Names/items')
})

test('a reference through others that lead to nothing, or in a circle, is a mistake', async () => {
  const text = `${head}components:
  schemas:
    A: { $ref: '#/components/schemas/B/items' }
    B: { $ref: '#/components/schemas/A/items' }
    C: { $ref: '#/components/schemas/D/items' }
    D: { $ref: '#/components/schemas/E' }
    E: { type: string }`
  assert.deepEqual(
    new Set(await mistakesOf(text)),
    new Set(['5 unresolved-reference', '6 unresolved-reference', '7 unresolved-reference']),
  )
})

test('files may refer to each other in a circle', async () => {
  const schema = (other: string) => `type: object\nproperties: { next: { $ref: './${other}.yaml' } }`
  const { document, diagnostics } = await load({
    'api.yaml': `${head}components: { schemas: { A: { $ref: 'a.yaml' } } }`,
    'a.yaml': schema('b'),
    'b.yaml': schema('a'),
  })
  assert.deepEqual(diagnostics, [])
  assert.equal(valueAt(document?.root, ['x-bundled', '1', 'properties', 'next', '$ref']), '#/x-bundled/0')
})

test('a discriminator leads to other files as a reference does', async () => {
  const { document, diagnostics } = await load({
    'api.yaml': `${head}components: { schemas: { Pet: { type: object, discriminator: { propertyName: kind, mapping: { dog: ./dog.yaml, cat: Cat } } }, Cat: { type: object } } }`,
    'dog.yaml': 'type: object',
  })
  assert.deepEqual(diagnostics, [])
  const mapping = valueAt(document?.root, ['components', 'schemas', 'Pet', 'discriminator', 'mapping'])
  assert.deepEqual(mapping, { dog: '#/x-bundled/0', cat: 'Cat' })
})

test('a reference inside an example or a default is data', async () => {
  const text = `${head}components: { schemas: { A: { type: object, default: { $ref: 'https://nowhere.example/' }, properties: { $ref: { type: string } }, examples: [{ $ref: './missing.yaml' }] } } }`
  assert.deepEqual(await mistakesOf(text), [])
})

test('references to anchors and ids are left to the schemas', async () => {
  const text = `${head}components:
  schemas:
    A: { $id: 'https://example.com/a', $anchor: here, type: object }
    B: { $ref: 'https://example.com/a' }
    C: { $ref: '#here' }`
  assert.deepEqual(await mistakesOf(text), [])
})

test('a reference that leads nowhere is an error with its line', async () => {
  const text = `${head}components:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    C: { $ref: 'missing.yaml' }\n    D: { $ref: '#/%zz' }`
  assert.deepEqual((await mistakesOf(text)).toSorted(), [
    '5 unresolved-reference',
    '6 unreadable-file',
    '7 bad-reference',
  ])
})

test('the network is not touched unless it is allowed, and never without TLS', async () => {
  const document = (url: string) => `${head}components:\n  responses:\n    A: { $ref: '${url}' }`
  assert.deepEqual(await mistakesOf(document('https://127.0.0.1:9/a.yaml')), ['5 network-reference'])
  assert.deepEqual(await mistakesOf(document('http://127.0.0.1:9/a.yaml'), { allowNetwork: true }), [
    '5 network-reference',
  ])
  assert.deepEqual(await mistakesOf(document('https://127.0.0.1:9/a.yaml'), { allowNetwork: true }), [
    '5 unreadable-file',
  ])
  assert.deepEqual(await mistakesOf(document('ftp://127.0.0.1/a.yaml'), { allowNetwork: true }), [
    '5 unreadable-file',
  ])
})

test('a document that is no OpenAPI 3 is one clear error', async () => {
  const table: readonly (readonly [string, string])[] = [
    ['swagger: "2.0"', '1 unsupported-version'],
    ['openapi: 4.0.0', '1 unsupported-version'],
    ['openapi: 3.9.0', '1 unsupported-version'],
    ['info: {}', '1 unsupported-version'],
    ['- a list', '1 unsupported-version'],
    ['just words', '1 unsupported-version'],
    ['', '1 unsupported-version'],
    ['{"openapi": "3.0.0",', '1 syntax'],
    ['openapi: "3.0.0"\nx-bundled: 1', '2 reserved-name'],
  ]
  for (const [text, mistake] of table) assert.deepEqual(await mistakesOf(text), [mistake], text)
})

test('a missing, foreign or oddly encoded file is an error, never an exception', async () => {
  const { diagnostics } = await loadDocument({ file: join(tmpdir(), 'gateward-there-is-no-such-file.yaml') })
  assert.equal(diagnostics[0]?.code, 'unreadable-file')
  const { diagnostics: folder } = await loadDocument({ file: tmpdir() })
  assert.match(folder[0]?.message ?? '', /it is no file/)
  const { diagnostics: broken } = await load({
    'api.yaml': `${head}paths: { /a: { $ref: bad.yaml } }`,
    'bad.yaml': 'a: [',
  })
  assert.equal(broken[0]?.code, 'syntax')
})
