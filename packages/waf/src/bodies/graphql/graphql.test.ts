import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { errorOf, readWith } from '../testing.ts'
import { readGraphQl } from './read-graph-ql.ts'

const documents: readonly (readonly [document: string, ...expected: string[]])[] = [
  ['{ user(id: "1") { name } }', 'graphql.user.id=1'],
  ['query { a(x: 1, y: -2.5e3) b(z: true, e: RED, n: null, v: $v) }', 'graphql.a.x=1', 'graphql.a.y=-2.5e3'],
  [
    'query Q($a: [Int!]! = [1], $b: String = "d") @live { x }',
    'graphql.variables.a=1',
    'graphql.variables.b=d',
  ],
  [
    'mutation { add(input: { tags: ["a", "b"], at: { lat: 1 } }) { id } }',
    'graphql.add.input.tags=a',
    'graphql.add.input.tags=b',
    'graphql.add.input.at.lat=1',
  ],
  ['{ a { b { c(x: "1") } d(y: "2") } e(z: "3") }', 'graphql.a.b.c.x=1', 'graphql.a.d.y=2', 'graphql.e.z=3'],
  ['{ one: user(id: "1") { x } two: user(id: "2") { x } }', 'graphql.user.id=1', 'graphql.user.id=2'],
  ['{ a @include(if: $b) { c(x: "1") } }', 'graphql.a.c.x=1'],
  ['{ a @d(r: "1") @e(s: "2") { c(x: "3") } }', 'graphql.a.@d.r=1', 'graphql.a.@d.@e.s=2', 'graphql.a.c.x=3'],
  [
    '{ ...F ... on T { a(x: "1") } ... @include(if: true) { b(y: "2") } } fragment F on T { c(z: "3") }',
    'graphql.a.x=1',
    'graphql.b.y=2',
    'graphql.c.z=3',
  ],
  ['{ a(x: "\\u003cscript\\u003E\\n\\"") }', 'graphql.a.x=<script>\n"'],
  ['{ a(x: """<b> "q" \\""" \\n""") }', 'graphql.a.x=<b> "q" """ \\n'],
  ['# "c"\n{ a(x: "# no comment") } # " { (', 'graphql.a.x=# no comment'],
  ['\uFEFFsubscription S { a(x: "ü") }', 'graphql.a.x=ü'],
  [''],
]

test('the literals of a document are arguments, named by field and argument', () => {
  for (const [document, ...expected] of documents) {
    const { reading, sink } = readWith(readGraphQl, document)
    assert.deepEqual([errorOf(reading), sink.of('ARGS_POST')], [undefined, expected], document)
  }
})

test('a request in JSON shows its variables as JSON and its query as arguments', () => {
  const query = 'query($id: ID) { user(id: $id, q: "x") { name } }'
  const request = { query, operationName: null, variables: { id: "1' OR 1=1" } }
  const { reading, sink } = readWith(readGraphQl, JSON.stringify(request), 'application/json')
  assert.equal(reading.kind, 'read')
  assert.deepEqual(sink.of('ARGS_POST'), [
    'graphql.user.q=x',
    'json.operationName=',
    "json.variables.id=1' OR 1=1",
  ])
})

test('every request of a batch is read', () => {
  const batch = ['{a(x:"1")}', '{b(y:"2")}'].map((query) => ({ query }))
  const { sink } = readWith(readGraphQl, JSON.stringify(batch))
  assert.deepEqual(sink.of('ARGS_POST'), ['graphql.a.x=1', 'graphql.b.y=2'])
})

test('a member named query elsewhere is a value like any other', () => {
  const { sink } = readWith(readGraphQl, '{"query":"{a}","variables":{"query":"{x(y:1)}"}}')
  assert.deepEqual(sink.of('ARGS_POST'), ['json.variables.query={x(y:1)}'])
})

test('what a request asks for is counted', () => {
  const document = '{ __schema { types { name } } a: x @d { y { z } } b: x c: __type(name: "T") { name } }'
  const { variables } = readWith(
    readGraphQl,
    JSON.stringify([{ query: `query ${document}` }, { query: 'query { q }' }]),
  ).sink
  assert.deepEqual(variables, {
    GRAPHQL_OPERATIONS: 2,
    GRAPHQL_DEPTH: 3,
    GRAPHQL_FIELDS: 10,
    GRAPHQL_ALIASES: 3,
    GRAPHQL_DIRECTIVES: 1,
    GRAPHQL_INTROSPECTION: 2,
  })
})

test('a shorthand query counts as an operation, a fragment does not', () => {
  assert.equal(readWith(readGraphQl, '{ a } fragment F on T { b }').sink.variables.GRAPHQL_OPERATIONS, 1)
})

const mistakes: readonly (readonly [document: string, error: string])[] = [
  ['{ a', 'GraphQL that ends too early'],
  ['{ a(x: "1) }', 'no GraphQL at byte 7'],
  ['{ a(x: """1) }', 'no GraphQL at byte 7'],
  ['{ a(x: 1] }', 'no GraphQL at byte 8'],
  ['}', 'no GraphQL at byte 0'],
  ['{ a ; }', 'no GraphQL at byte 4'],
  ['{ a: }', 'no GraphQL at byte 5'],
  ['type T { a: Int }', 'no GraphQL at byte 0'],
  ["{ a(x: '1') }", 'no GraphQL at byte 7'],
  ['a=1', 'no GraphQL at byte 0'],
]

test('a document that is no GraphQL is an error at its byte, and is inspected as a whole', () => {
  for (const [document, error] of mistakes) {
    const { reading, sink } = readWith(readGraphQl, document)
    assert.equal(errorOf(reading), error, document)
    assert.equal(sink.of('ARGS_POST').at(-1), `graphql=${document}`)
    const inJson = readWith(readGraphQl, JSON.stringify({ query: document }))
    assert.equal(errorOf(inJson.reading), error)
    assert.equal(inJson.sink.of('ARGS_POST').at(-1), `json.query=${document}`)
  }
})

test('depth, number of values and length of paths are bounded', () => {
  for (const [document, limits, error] of [
    ['{a'.repeat(50_000), {}, 'more than 128 levels'],
    [`{a(x:${'['.repeat(50_000)}`, {}, 'more than 128 levels'],
    ['{a(x:1,y:2,z:3)}', { arguments: 2 }, 'more than 2 arguments'],
    [`{${'a'.repeat(3_000)}}`, {}, 'a path longer than 2048 bytes'],
  ] as const) {
    const { reading, sink } = readWith(readGraphQl, document, '', limits)
    assert.equal(errorOf(reading), error)
    assert.equal(sink.of('ARGS_POST').at(-1), `graphql=${document}`)
  }
})

test('no bytes stop the reader, and no string of a document goes unseen', () => {
  const pieces = [
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    'a',
    ':',
    '"abcd"',
    '"',
    '"""',
    '@',
    '...',
    'on',
    '$',
    '!',
    '=',
    'query',
    '1',
    ' ',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (chosen) => {
      const text = chosen.join('')
      const { sink } = readWith(readGraphQl, text)
      if (text.includes('abcd')) assert.ok(sink.of('ARGS_POST').join(' ').includes('abcd'), text)
    }),
    { numRuns: 1_000 },
  )
})

test('documents made to be slow are read in one pass', () => {
  for (const text of [
    '"'.repeat(100_001),
    `{a(x:"${'\\'.repeat(100_001)}`,
    `{a(x:"""${'\\"""'.repeat(50_000)}`,
    '#'.repeat(200_000),
    `{a(x:${'1.'.repeat(50_000)}`,
  ]) {
    const { sink } = readWith(readGraphQl, text)
    assert.ok(sink.added.length <= 1_001)
  }
})
