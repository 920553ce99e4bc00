import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Operation } from '../../contract.ts'
import type { SampleRequest } from '../testing.ts'
import { readSample, sampleOperation } from '../testing.ts'

const string = { type: 'string' }
const list = { type: 'array', items: string }
const object = {
  type: 'object',
  properties: { R: { type: 'integer' }, G: { type: 'integer' }, B: { type: 'integer' } },
}

const values = {
  string: [string, 'blue'],
  array: [list, ['blue', 'black', 'brown']],
  object: [object, { R: 100, G: 200, B: 150 }],
} as const

type Place = 'path' | 'query' | 'header' | 'cookie'
type Row = readonly [Place, string, boolean, Partial<Record<keyof typeof values, string>>]

/** The table "Style Examples" of the specification (3.2 section 4.12.8), with the place of each style. */
const table: readonly Row[] = [
  [
    'path',
    'matrix',
    false,
    { string: ';color=blue', array: ';color=blue,black,brown', object: ';color=R,100,G,200,B,150' },
  ],
  [
    'path',
    'matrix',
    true,
    { string: ';color=blue', array: ';color=blue;color=black;color=brown', object: ';R=100;G=200;B=150' },
  ],
  ['path', 'label', false, { string: '.blue', array: '.blue,black,brown', object: '.R,100,G,200,B,150' }],
  ['path', 'label', true, { string: '.blue', array: '.blue.black.brown', object: '.R=100.G=200.B=150' }],
  ['path', 'simple', false, { string: 'blue', array: 'blue,black,brown', object: 'R,100,G,200,B,150' }],
  ['path', 'simple', true, { string: 'blue', array: 'blue,black,brown', object: 'R=100,G=200,B=150' }],
  ['header', 'simple', false, { string: 'blue', array: 'blue, black,brown', object: 'R,100, G,200,B,150' }],
  ['header', 'simple', true, { string: 'blue', array: 'blue,black, brown', object: 'R=100,G=200, B=150' }],
  [
    'query',
    'form',
    false,
    { string: 'color=blue', array: 'color=blue,black,brown', object: 'color=R,100,G,200,B,150' },
  ],
  [
    'query',
    'form',
    true,
    { string: 'color=blue', array: 'color=blue&color=black&color=brown', object: 'R=100&G=200&B=150' },
  ],
  [
    'query',
    'spaceDelimited',
    false,
    { array: 'color=blue%20black%20brown', object: 'color=R%20100%20G%20200%20B%20150' },
  ],
  [
    'query',
    'pipeDelimited',
    false,
    { array: 'color=blue%7Cblack%7Cbrown', object: 'color=R|100|G|200|B|150' },
  ],
  ['query', 'deepObject', true, { object: 'color%5BR%5D=100&color[G]=200&color[B]=150' }],
  [
    'cookie',
    'form',
    false,
    { string: 'color=blue', array: 'color=blue,black,brown', object: 'color=R,100,G,200,B,150' },
  ],
  [
    'cookie',
    'form',
    true,
    {
      string: 'x=1; color=blue',
      array: 'color=blue; color=black; color=brown',
      object: 'R=100; G=200; B=150',
    },
  ],
  [
    'cookie',
    'cookie',
    true,
    { string: 'color=blue', array: 'color=blue; color=black; color=brown', object: 'R=100; G=200; B=150' },
  ],
]

for (const [place, style, explode, examples] of table) {
  for (const [kind, wire] of Object.entries(examples)) {
    test(`${style}${explode ? ' exploded' : ''} in ${place}: ${wire} is the ${kind} of the specification`, async () => {
      const [schema, value] = values[kind as keyof typeof values]
      const operation = await colorOperation(place, style, explode, schema)
      const readout = readSample(operation, requestOf(place, wire))
      assert.deepEqual(readout.violations, [])
      assert.deepEqual({ ...readout[place] }, { color: value })
    })
  }
}

const texts = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => !text.includes('\0'))
const lists = fc.array(texts, { minLength: 1, maxLength: 5 })

/** How an array is written in each style, by the rules of RFC 6570 and of the specification. */
const writers: Readonly<Record<string, (items: readonly string[]) => string>> = {
  'path matrix false': (items) => `;color=${items.map(encode).join(',')}`,
  'path matrix true': (items) => items.map((item) => `;color=${encode(item)}`).join(''),
  'path label false': (items) => `.${items.map(encode).join(',')}`,
  'path label true': (items) => `.${items.map(encode).join('.')}`,
  'path simple false': (items) => items.map(encode).join(','),
  'query form false': (items) => `color=${items.map(encode).join(',')}`,
  'query form true': (items) => items.map((item) => `color=${encode(item)}`).join('&'),
  'query spaceDelimited false': (items) => `color=${items.map(encode).join('%20')}`,
  'query pipeDelimited false': (items) => `color=${items.map(encode).join('|')}`,
  'cookie form true': (items) => items.map((item) => `color=${encode(item)}`).join('; '),
}

for (const [name, write] of Object.entries(writers)) {
  test(`any list written as ${name} is read back`, async () => {
    const [place, style, explode] = name.split(' ') as [Place, string, string]
    const operation = await colorOperation(place, style, explode === 'true', list)
    fc.assert(
      fc.property(
        lists.map((items) => items.map((item) => withoutSeparator(item, style))),
        (items) => {
          const readout = readSample(operation, requestOf(place, write(items)))
          assert.deepEqual([readout[place]['color'], readout.violations], [items, []])
        },
      ),
      { numRuns: 60 },
    )
  })
}

test('any object written with brackets is read back', async () => {
  const operation = await colorOperation('query', 'deepObject', true, {
    type: 'object',
    additionalProperties: string,
  })
  const names = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((name) => !/[[\]\0]|^(?:__proto__|constructor|prototype)$/.test(name))
  fc.assert(
    fc.property(fc.dictionary(names, texts, { minKeys: 1, noNullPrototype: true }), (color) => {
      const query = Object.entries(color).map(([name, text]) => `color[${encode(name)}]=${encode(text)}`)
      assert.deepEqual(readSample(operation, { query: query.join('&') }).query['color'], color)
    }),
    { numRuns: 60 },
  )
})

test('objects inside objects and lists are read from brackets as query parsers do', async () => {
  const address = { type: 'object', properties: { city: string, tags: list } }
  const items = { type: 'array', items: address }
  const operation = await colorOperation('query', 'deepObject', true, {
    type: 'object',
    properties: { address, items },
  })
  const query =
    'color[address][city]=Oslo&color[address][tags][]=a&color[address][tags][]=b&color[items][0][city]=Rome&color[items][1][city]=Bonn'
  assert.deepEqual(readSample(operation, { query }).query['color'], {
    address: { city: 'Oslo', tags: ['a', 'b'] },
    items: [{ city: 'Rome' }, { city: 'Bonn' }],
  })
})

test('an escaped comma is data where items are texts, and a separator where they cannot be', async () => {
  const text = await colorOperation('query', 'form', false, list)
  assert.deepEqual(readSample(text, { query: 'color=a%2Cb,c' }).query['color'], ['a,b', 'c'])
  const numbers = await colorOperation('query', 'form', false, { type: 'array', items: { type: 'integer' } })
  assert.deepEqual(readSample(numbers, { query: 'color=1%2C2,3' }).query['color'], [1, 2, 3])
})

function colorOperation(place: Place, style: string, explode: boolean, schema: object): Promise<Operation> {
  const parameter = {
    name: 'color',
    in: place,
    style,
    explode,
    schema,
    ...(place === 'path' ? { required: true } : {}),
  }
  const path = place === 'path' ? '/a/{color}' : '/a'
  return sampleOperation({ openapi: '3.2.0', path, operation: { parameters: [parameter] } })
}

function requestOf(place: Place, wire: string): SampleRequest {
  if (place === 'path') return { path: [wire] }
  if (place === 'query') return { query: wire }
  return { headers: place === 'cookie' ? { cookie: wire } : { color: wire } }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[.!~*'()]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
}

/** These two styles have no way to write their separator inside an item. */
function withoutSeparator(item: string, style: string): string {
  if (style === 'spaceDelimited') return item.replaceAll(' ', '_')
  return style === 'pipeDelimited' ? item.replaceAll('|', '_') : item
}
