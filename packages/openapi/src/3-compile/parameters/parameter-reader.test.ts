import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { SampleOperation } from '../testing.ts'
import { readSample, sampleMistakes, sampleOperation, violationsOf } from '../testing.ts'

/** An operation with one query parameter `q` of a schema. */
function queryOperation(schema: object, more: object = {}) {
  return sampleOperation({ operation: { parameters: [{ name: 'q', in: 'query', schema, ...more }] } })
}

async function readQuery(schema: object, query: string, more: object = {}) {
  const readout = readSample(await queryOperation(schema, more), { query })
  return readout.violations.length > 0 ? violationsOf(readout) : readout.query['q']
}

const accepted: readonly (readonly [schema: object, query: string, value: unknown])[] = [
  [{ type: 'integer' }, 'q=1', 1],
  [{ type: 'integer' }, 'q=-12', -12],
  [{ type: 'integer' }, 'q=0', 0],
  [{ type: 'number' }, 'q=1.5', 1.5],
  [{ type: 'number' }, 'q=1e3', 1000],
  [{ type: 'boolean' }, 'q=true', true],
  [{ type: 'string' }, 'q=1', '1'],
  [{ type: 'string' }, 'q=', ''],
  [{ type: 'string' }, 'q', ''],
  [{ type: 'string' }, 'q=a+b%20c%2B', 'a b c+'],
  [{ type: 'string' }, 'q=a=b', 'a=b'],
  [{ type: 'string' }, 'q=%E2%82%AC', '€'],
  [{ type: 'string' }, '&&q=1&', '1'],
  [{ type: 'string' }, '%71=1', '1'],
  [{ type: ['integer', 'null'] }, 'q=', null],
  [
    {
      oneOf: [
        { type: 'integer', minimum: 5 },
        { type: 'string', enum: ['1', 'all'] },
      ],
    },
    'q=1',
    '1',
  ],
  [
    {
      oneOf: [
        { type: 'integer', minimum: 5 },
        { type: 'string', enum: ['1', 'all'] },
      ],
    },
    'q=7',
    7,
  ],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'q=a&q=b', ['a', 'b']],
  [{ type: 'array', items: { type: 'integer' } }, 'q=1', [1]],
  [{}, 'q=anything', 'anything'],
]

for (const [schema, query, value] of accepted) {
  test(`${query} is ${JSON.stringify(value)} for ${JSON.stringify(schema)}`, async () => {
    assert.deepEqual(await readQuery(schema, query), value)
  })
}

const refused: readonly (readonly [schema: object, query: string, keyword: string])[] = [
  ...['1.0', '0x1', '%201', '1e3', '+1', '01', '-0', '١', '1_000', 'NaN', '', '1%00', '9'.repeat(41)].map(
    (text) =>
      [{ type: 'integer' }, `q=${text}`, /%00/.test(text) || text === '١' ? 'encoding' : 'type'] as const,
  ),
  ...['1.', '.5', 'Infinity', '1e999', '0x1', '1,5', '--1'].map(
    (text) => [{ type: 'number' }, `q=${text}`, 'type'] as const,
  ),
  ...['True', '1', 'yes', '', 'TRUE'].map((text) => [{ type: 'boolean' }, `q=${text}`, 'type'] as const),
  ...[
    '%',
    '%2',
    '%zz',
    '%ff',
    '%c0%af',
    '%e0%80%af',
    '%ed%a0%80',
    '%f8%88%80%80%80',
    '%00',
    'a%00b',
    'é',
    '\u0001',
    'a\nb',
  ].map((text) => [{ type: 'string' }, `q=${text}`, 'encoding'] as const),
  [{ type: 'string' }, 'q=1&q=2', 'duplicate'],
  [{ type: 'string' }, 'q=1&%71=2', 'duplicate'],
  [{ type: 'string', maxLength: 2 }, 'q=abc', 'maxLength'],
  [{ type: 'array', items: { type: 'integer' } }, 'q=1&q=a', 'type'],
  [{ type: 'array', items: { type: 'integer' }, maxItems: 1 }, 'q=1&q=2', 'maxItems'],
]

for (const [schema, query, keyword] of refused) {
  test(`${JSON.stringify(query)} is refused for ${JSON.stringify(schema)}: ${keyword}`, async () => {
    assert.deepEqual(await readQuery(schema, query), [`query q ${keyword}`])
  })
}

test('a name that nobody declares is refused, unless the caller lets it through', async () => {
  const operation = await queryOperation({ type: 'string' })
  assert.deepEqual(violationsOf(readSample(operation, { query: 'q=1&key=2' })), ['query key unknown'])
  assert.deepEqual(violationsOf(readSample(operation, { query: 'q=1&Q=2' })), ['query Q unknown'])
  assert.deepEqual(readSample(operation, { query: 'q=1&key=2', ignoredQuery: ['key'] }).violations, [])
  assert.deepEqual(readSample(operation, { query: 'q=1&key=2', allowUnknownQuery: true }).violations, [])
})

test('an operation without parameters refuses a query too', async () => {
  const operation = await sampleOperation({})
  assert.equal(operation.parameters.empty, true)
  assert.deepEqual(violationsOf(readSample(operation, { query: 'a=1' })), ['query a unknown'])
})

test('names that reach a prototype are refused even where unknown names pass', async () => {
  const deep = {
    name: 'f',
    in: 'query',
    style: 'deepObject',
    schema: { type: 'object', additionalProperties: true },
  }
  const operation = await sampleOperation({ operation: { parameters: [deep] } })
  for (const query of [
    '__proto__=1',
    'constructor=1',
    'prototype[a]=1',
    'a[__proto__][b]=1',
    'a[b][constructor]=1',
    'f[__proto__]=1',
    'f[a][__proto__]=1',
    'f%5B__proto__%5D=1',
    '__%70roto__=1',
  ]) {
    const readout = readSample(operation, { query, allowUnknownQuery: true })
    assert.equal(readout.violations[0]?.keyword, 'unknown', query)
  }
  assert.equal(({} as Record<string, unknown>)['b'], undefined)
})

test('what is read has no prototype to be mistaken for a value', async () => {
  const operation = await queryOperation({ type: 'string' })
  assert.equal(readSample(operation, { query: 'q=1' }).query['constructor'], undefined)
  assert.equal(readSample(operation, { query: 'q=1' }).path['toString'], undefined)
})

test('a query of ten thousand pairs is refused without being read', async () => {
  const operation = await queryOperation({ type: 'array', items: { type: 'string' } })
  const readout = readSample(operation, { query: 'q=1&'.repeat(10_000) })
  assert.deepEqual(violationsOf(readout), ['query  maxProperties'])
})

test('a list of ten thousand parts in one text is refused', async () => {
  const operation = await queryOperation({ type: 'array', items: { type: 'string' } }, { explode: false })
  const readout = readSample(operation, { query: `q=${'a,'.repeat(10_000)}` })
  assert.deepEqual(violationsOf(readout), ['query q maxItems'])
})

test('at most twenty violations are told', async () => {
  const operation = await queryOperation({ type: 'string' })
  const query = Array.from({ length: 900 }, (_, number) => `n${number}=%ff`).join('&')
  assert.equal(readSample(operation, { query }).violations.length, 20)
})

test('a message carries at most forty characters of what was sent', async () => {
  const operation = await queryOperation({ type: 'integer' })
  const [violation] = readSample(operation, { query: `q=${'s'.repeat(500)}` }).violations
  assert.ok(violation !== undefined && violation.message.length < 70)
  assert.deepEqual(violation.position, { file: 'sample.yaml', line: 12, column: 11 })
})

test('no query makes the reader throw', async () => {
  const parameters = [
    { name: 'q', in: 'query', schema: { type: 'integer' } },
    {
      name: 'f',
      in: 'query',
      style: 'deepObject',
      schema: {
        type: 'object',
        properties: { a: { type: 'array', items: { type: 'object', properties: { b: {} } } } },
      },
    },
    { name: 'j', in: 'query', content: { 'application/json': {} } },
  ]
  const operation = await sampleOperation({ operation: { parameters } })
  const pieces = fc.constantFrom(
    'q',
    'f',
    'j',
    '[a]',
    '[0]',
    '[]',
    '[b]',
    '[',
    ']',
    '=',
    '&',
    '%',
    '%5B',
    '1',
    '{',
    '"',
    ':',
    '}',
    '__proto__',
    '+',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      readSample(operation, { query: parts.join('') })
    }),
    { numRuns: 2000 },
  )
})

test('required parameters are missed in every place', async () => {
  const places = ['query', 'header', 'cookie'].map((place) => ({
    name: `x-${place}`,
    in: place,
    required: true,
    schema: {},
  }))
  const operation = await sampleOperation({ operation: { parameters: places } })
  assert.deepEqual(violationsOf(readSample(operation, {})), [
    'query x-query missing',
    'header x-header missing',
    'cookie x-cookie missing',
  ])
})

test('an empty value passes where it is allowed, and only there', async () => {
  assert.equal(await readQuery({ type: 'integer' }, 'q=', { allowEmptyValue: true }), '')
  assert.deepEqual(await readQuery({ type: 'integer' }, 'q=x', { allowEmptyValue: true }), ['query q type'])
})

test('a parameter of the operation replaces that of its path', async () => {
  const operation = await sampleOperation({
    item: {
      parameters: [
        { name: 'q', in: 'query', schema: { type: 'integer' } },
        { name: 'X-A', in: 'header', schema: { type: 'integer' } },
      ],
    },
    operation: {
      parameters: [
        { name: 'q', in: 'query', schema: { type: 'string' } },
        { name: 'x-a', in: 'header', schema: { type: 'string' } },
      ],
    },
  })
  const readout = readSample(operation, { query: 'q=a', headers: { 'x-a': 'b' } })
  assert.deepEqual(
    [{ ...readout.query }, { ...readout.header }, readout.violations],
    [{ q: 'a' }, { 'x-a': 'b' }, []],
  )
})

test('headers are found by their name in any case, and those of HTTP itself are left alone', async () => {
  const names = ['X-Trace', 'Accept', 'content-type', 'AUTHORIZATION']
  const parameters = names.map((name) => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'integer' },
  }))
  const operation = await sampleOperation({ operation: { parameters } })
  const readout = readSample(operation, { headers: { 'x-trace': '5' } })
  assert.deepEqual([{ ...readout.header }, readout.violations], [{ 'X-Trace': 5 }, []])
})

test('declared cookies are read, quoted or not, and the others are nobody’s business', async () => {
  const parameters = [{ name: 'theme', in: 'cookie', schema: { type: 'string', enum: ['dark', 'light'] } }]
  const operation = await sampleOperation({ operation: { parameters } })
  const read = (cookie: string) => readSample(operation, { headers: { cookie } })
  assert.equal(read('a=1; theme="dark"; __proto__=x').cookie['theme'], 'dark')
  assert.deepEqual(violationsOf(read('theme=dark; theme=light')), ['cookie theme duplicate'])
  assert.deepEqual(violationsOf(read('theme=blue')), ['cookie theme enum'])
  assert.deepEqual(violationsOf(read('a=1;'.repeat(300))), ['cookie  maxProperties'])
})

test('JSON in a parameter is read strictly', async () => {
  const content = {
    'application/json': { schema: { type: 'object', properties: { a: { type: 'integer' } } } },
  }
  const operation = await sampleOperation({
    operation: { parameters: [{ name: 'q', in: 'query', content }] },
  })
  const read = (text: string) => readSample(operation, { query: `q=${encodeURIComponent(text)}` })
  assert.deepEqual(read('{"a": 1}').query['q'], { a: 1 })
  for (const [text, keyword] of [
    ['{"a": 1,}', 'encoding'],
    ['{"a": 1, "a": 2}', 'duplicate'],
    ['{"__proto__": {}}', 'unknown'],
    ['{"a": "x"}', 'type'],
    ['['.repeat(5000), 'encoding'],
    ['{"a": 1e999}', 'type'],
  ] as const) {
    assert.equal(read(text).violations[0]?.keyword, keyword, text.slice(0, 40))
  }
})

test('an exploded object takes its own names out of the query, and all where it is open', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } }
  assert.deepEqual(await readQuery(schema, 'a=1'), { a: 1 })
  assert.deepEqual(await readQuery(schema, 'a=1&b=2'), ['query b unknown'])
  assert.deepEqual(
    await readQuery({ type: 'object', additionalProperties: { type: 'integer' } }, 'x=1&y=2'),
    { x: 1, y: 2 },
  )
  assert.deepEqual(
    await readQuery({ type: 'object', additionalProperties: { type: 'integer' } }, 'x=1&x=2'),
    ['query q duplicate'],
  )
})

test('a querystring parameter describes the query as a whole', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false }
  const sample = (type: string): SampleOperation => ({
    openapi: '3.2.0',
    operation: { parameters: [{ name: 'all', in: 'querystring', content: { [type]: { schema } } }] },
  })
  const form = await sampleOperation(sample('application/x-www-form-urlencoded'))
  assert.deepEqual(readSample(form, { query: 'a=1' }).query['all'], { a: 1 })
  assert.equal(readSample(form, { query: 'a=1&b=2' }).violations.length, 1)
  assert.equal(readSample(form, { query: 'a=%ff' }).violations[0]?.keyword, 'encoding')
  const json = await sampleOperation(sample('application/json'))
  assert.deepEqual(readSample(json, { query: '%7B%22a%22:1%7D' }).query['all'], { a: 1 })
})

test('several variables may share a segment, and one named twice must have one value', async () => {
  const parameters = ['name', 'ext'].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const operation = await sampleOperation({ path: '/f/{name}.{ext}/{name}', operation: { parameters } })
  assert.deepEqual({ ...readSample(operation, { path: ['a', 'txt', 'a'] }).path }, { name: 'a', ext: 'txt' })
  assert.deepEqual(violationsOf(readSample(operation, { path: ['a', 'txt', 'b'] })), ['path name duplicate'])
})

test('a list inside a list, which no style can write, is told at load', async () => {
  const schema = { type: 'array', items: { type: 'array', items: { type: 'string' } } }
  assert.deepEqual(
    await sampleMistakes({ operation: { parameters: [{ name: 'q', in: 'query', schema }] } }),
    ['warning unreadable-value'],
  )
})

const mistakes: readonly (readonly [string, SampleOperation, string])[] = [
  ['a variable without a parameter', { path: '/a/{id}' }, 'error missing-path-parameter'],
  [
    'a path parameter without a variable',
    { operation: { parameters: [{ name: 'id', in: 'path', required: true, schema: {} }] } },
    'error unused-path-parameter',
  ],
  [
    'a parameter declared twice',
    { operation: { parameters: [1, 2].map(() => ({ name: 'a', in: 'query', schema: {} })) } },
    'error duplicate-parameter',
  ],
  [
    'query and querystring together',
    {
      openapi: '3.2.0',
      operation: {
        parameters: [
          { name: 'a', in: 'query', schema: {} },
          { name: 'b', in: 'querystring', content: { 'application/json': {} } },
        ],
      },
    },
    'error query-beside-querystring',
  ],
]

for (const [name, sample, mistake] of mistakes) {
  test(`${name} is a mistake: ${mistake}`, async () => {
    assert.deepEqual(await sampleMistakes(sample), [mistake])
  })
}
