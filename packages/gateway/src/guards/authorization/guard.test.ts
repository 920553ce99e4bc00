import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Known } from '../../exchange/principal.ts'
import {
  knownCaller,
  openContractBench,
  type ContractAnswer,
  type ContractBench,
  type ContractRequest,
} from '../contract-testing.ts'
import { pass } from '../guard.ts'
import { authorizationGuard } from './guard.ts'

const order = `{ description: x, content: { application/json: {} } }`
const contract = `
openapi: 3.1.0
info: { title: Test, version: '1' }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-API-Key }
    key2: { type: apiKey, in: header, name: X-API-Key }
    other: { type: apiKey, in: header, name: X-Other }
    token: { type: http, scheme: bearer }
    oidc: { type: openIdConnect, openIdConnectUrl: 'https://id.example/.well-known/openid-configuration' }
security: [{ token: [] }]
paths:
  /plain: { get: { operationId: plain, responses: { '200': ${order} } } }
  /alternatives:
    get:
      operationId: alternatives
      security: [{ token: ['a:read', 'b:read'] }, { key2: [clerk] }, { token: [admin], other: [] }]
      responses: { '200': ${order} }
  /oidc: { get: { operationId: oidc, security: [{ oidc: [read] }], responses: { '200': ${order} } } }
  /optional: { get: { operationId: optional, security: [{ token: [read] }, {}], responses: { '200': ${order} } } }
  /extra:
    get:
      operationId: extra
      x-gateward: { scopes: [s1, s2], roles: [boss, clerk] }
      responses: { '200': ${order} }
  /users/{userId}/orders:
    parameters: [{ name: userId, in: path, required: true, schema: { type: string } }]
    get:
      operationId: byPath
      x-gateward: { owner: { path: userId, unless: [orders:all, support] } }
      responses: { '200': ${order} }
  /orders:
    get:
      operationId: byQuery
      parameters: [{ name: customer, in: query, schema: { type: string } }]
      x-gateward: { owner: { query: customer, equals: accounts } }
      responses: { '200': ${order} }
    post:
      operationId: byBody
      requestBody: { required: true, content: { application/json: {} } }
      x-gateward: { owner: { body: /customer/id } }
      responses: { '201': ${order} }
  /orders/{orderId}:
    parameters: [{ name: orderId, in: path, required: true, schema: { type: string } }]
    get:
      operationId: byAnswer
      x-gateward: { owner: { answer: /ownerId } }
      responses: { '200': ${order} }
  /list:
    get:
      operationId: byItem
      x-gateward: { owner: { answer: '/items/*/owner/id', equals: consumer } }
      responses: { '200': ${order} }
  /groups:
    get:
      operationId: byNested
      x-gateward: { owner: { answer: '/*/items/*' } }
      responses: { '200': ${order} }
`

let bench: ContractBench
before(async () => {
  bench = await openContractBench(contract)
})

function send(operation: string, request: ContractRequest, settings: Record<string, unknown> = {}) {
  return bench.compile(authorizationGuard, operation, settings).send(request)
}

function answer(
  operation: string,
  given: ContractAnswer,
  request: ContractRequest = { principal: knownCaller() },
) {
  return bench.compile(authorizationGuard, operation).answer(given, request)
}

function token(...scopes: string[]): Known {
  return knownCaller({ scopes: new Set(scopes) })
}

function key(scheme: string, rights: { scopes?: readonly string[]; roles?: readonly string[] } = {}): Known {
  return knownCaller({
    scopes: new Set(rights.scopes),
    roles: new Set(rights.roles),
    credentials: [{ kind: 'api-key', scheme, id: 'k1', display: 'gw_test_7Hk2…' }],
  })
}

test('an operation that asks for no right costs nothing', () => {
  assert.deepEqual(bench.compile(authorizationGuard, 'plain').guard, {})
  assert.deepEqual(bench.diagnostics, [])
})

const rights: readonly (readonly [
  name: string,
  operation: string,
  principal: Known | undefined,
  code: string | undefined,
])[] = [
  ['all scopes of an alternative', 'alternatives', token('a:read', 'b:read'), undefined],
  ['one scope of two', 'alternatives', token('a:read'), 'FORBIDDEN'],
  ['scopes that only begin alike', 'alternatives', token('a:read:x', 'b:readx'), 'FORBIDDEN'],
  ['other letters', 'alternatives', token('A:READ', 'B:READ'), 'FORBIDDEN'],
  ['no scope', 'alternatives', token(), 'FORBIDDEN'],
  ['a key with the role', 'alternatives', key('key2', { roles: ['clerk'] }), undefined],
  ['a key with the role as a scope', 'alternatives', key('key2', { scopes: ['clerk'] }), undefined],
  [
    'a key read for another scheme of the same header',
    'alternatives',
    key('key', { roles: ['clerk'] }),
    undefined,
  ],
  ['a key of another header', 'alternatives', key('other', { roles: ['clerk'] }), 'FORBIDDEN'],
  ["a key with a token's scopes", 'alternatives', key('key2', { scopes: ['a:read', 'b:read'] }), 'FORBIDDEN'],
  ["a token with a key's role", 'alternatives', knownCaller({ roles: new Set(['clerk']) }), 'FORBIDDEN'],
  ['half of an AND', 'alternatives', token('admin'), 'FORBIDDEN'],
  ['a role where a scope is asked for', 'oidc', knownCaller({ roles: new Set(['read']) }), 'FORBIDDEN'],
  ['a token read for another scheme', 'oidc', token('read'), undefined],
  ['nobody where nobody is welcome', 'optional', undefined, undefined],
  ['somebody with less than an optional scope', 'optional', token(), undefined],
  ['nobody where a scope is needed', 'oidc', undefined, 'UNAUTHENTICATED'],
  [
    'own scopes and one role',
    'extra',
    knownCaller({ scopes: new Set(['s1', 's2']), roles: new Set(['clerk']) }),
    undefined,
  ],
  ['own scopes without a role', 'extra', token('s1', 's2'), 'FORBIDDEN'],
  [
    'a role without an own scope',
    'extra',
    knownCaller({ scopes: new Set(['s1']), roles: new Set(['boss']) }),
    'FORBIDDEN',
  ],
  ['nobody where a role is needed', 'extra', undefined, 'UNAUTHENTICATED'],
]
for (const [name, operation, principal, code] of rights) {
  test(`${name}: ${code ?? 'passes'} (${operation})`, () => {
    assert.equal(send(operation, principal === undefined ? {} : { principal }).code, code)
  })
}

test('both halves of an AND are enough', () => {
  const principal = knownCaller({
    scopes: new Set(['admin']),
    credentials: [...token().credentials, ...key('other').credentials],
  })
  assert.equal(send('alternatives', { principal }).note, 'admin')
})

test('a token learns which scopes would do, a key does not (RFC 6750)', () => {
  const refused = send('alternatives', { principal: token('a:read') })
  assert.deepEqual(refused.verdict.kind === 'refuse' && refused.verdict.problem.headers, [
    ['www-authenticate', 'Bearer error="insufficient_scope", scope="a:read b:read"'],
  ])
  assert.equal(refused.note, 'b:read is missing')
  const keyed = send('alternatives', { principal: key('key2') })
  assert.deepEqual(keyed.verdict.kind === 'refuse' && keyed.verdict.problem.headers, [])
})

test('the right by which a caller came in is noted', () => {
  assert.equal(send('alternatives', { principal: token('a:read', 'b:read') }).note, 'a:read b:read')
})

const owners: readonly (readonly [
  name: string,
  operation: string,
  request: ContractRequest,
  code: string | undefined,
])[] = [
  ['the own path', 'byPath', { pathParameters: ['ada'], principal: token() }, undefined],
  ['the own path, escaped', 'byPath', { pathParameters: ['%61da'], principal: token() }, undefined],
  ["somebody else's path", 'byPath', { pathParameters: ['eve'], principal: token() }, 'NOT_FOUND'],
  ['another spelling', 'byPath', { pathParameters: ['Ada'], principal: token() }, 'NOT_FOUND'],
  ['a path that cannot be decoded', 'byPath', { pathParameters: ['%zz'], principal: token() }, 'NOT_FOUND'],
  ['nobody', 'byPath', { pathParameters: ['ada'] }, 'NOT_FOUND'],
  ['an exempt scope', 'byPath', { pathParameters: ['eve'], principal: token('orders:all') }, undefined],
  [
    'an exempt role',
    'byPath',
    { pathParameters: ['eve'], principal: knownCaller({ roles: new Set(['support']) }) },
    undefined,
  ],
  [
    'a claim that is a number',
    'byPath',
    { pathParameters: ['7'], principal: knownCaller({ claims: { sub: 7 } }) },
    undefined,
  ],
  [
    'a caller without the claim',
    'byPath',
    { pathParameters: ['undefined'], principal: knownCaller({ claims: {} }) },
    'NOT_FOUND',
  ],
  [
    'an empty claim',
    'byPath',
    { pathParameters: [''], principal: knownCaller({ claims: { sub: '' } }) },
    'NOT_FOUND',
  ],
  [
    'a claim that is an object',
    'byPath',
    { pathParameters: ['[object Object]'], principal: knownCaller({ claims: { sub: {} } }) },
    'NOT_FOUND',
  ],
  [
    'a claim that cannot be a double',
    'byPath',
    {
      pathParameters: [String(2 ** 63)],
      principal: knownCaller({ claims: { sub: 2 ** 63 } }),
    },
    'NOT_FOUND',
  ],
  [
    'one of several accounts',
    'byQuery',
    { query: 'customer=b', principal: knownCaller({ claims: { accounts: ['a', 'b'] } }) },
    undefined,
  ],
  [
    'an account of others',
    'byQuery',
    { query: 'customer=c', principal: knownCaller({ claims: { accounts: ['a', 'b'] } }) },
    'FORBIDDEN',
  ],
  [
    'accounts as one text',
    'byQuery',
    { query: 'customer=a', principal: knownCaller({ claims: { accounts: 'a,b' } }) },
    'FORBIDDEN',
  ],
  [
    'a query without the owner',
    'byQuery',
    { query: '', principal: knownCaller({ claims: { accounts: ['a'] } }) },
    'FORBIDDEN',
  ],
  [
    'two owners',
    'byQuery',
    { query: 'customer=a&customer=c', principal: knownCaller({ claims: { accounts: ['a'] } }) },
    'FORBIDDEN',
  ],
  [
    'two owners in disguise',
    'byQuery',
    { query: 'customer=a&custom%65r=c', principal: knownCaller({ claims: { accounts: ['a'] } }) },
    'FORBIDDEN',
  ],
  ['the own body', 'byBody', { body: { customer: { id: 'ada' } }, principal: token() }, undefined],
  ["somebody else's body", 'byBody', { body: { customer: { id: 'eve' } }, principal: token() }, 'FORBIDDEN'],
  ['a body without an owner', 'byBody', { body: { customer: {} }, principal: token() }, 'FORBIDDEN'],
  ['an owner in a list', 'byBody', { body: { customer: { id: ['ada'] } }, principal: token() }, 'FORBIDDEN'],
  ['an owner that is inherited', 'byBody', { body: { customer: 'ada' }, principal: token() }, 'FORBIDDEN'],
  [
    'two owners in a body',
    'byBody',
    { body: '{"customer":{"id":"ada"},"customer":{"id":"eve"}}', principal: token() },
    'MALFORMED_BODY',
  ],
  ['no body', 'byBody', { principal: token() }, 'FORBIDDEN'],
]
for (const [name, operation, request, code] of owners) {
  test(`ownership of a request: ${name}: ${code ?? 'passes'}`, () => {
    assert.equal(send(operation, request).code, code)
  })
}

test('the status for objects of others is the operator’s choice', () => {
  const request = { pathParameters: ['eve'], principal: token() }
  assert.equal(send('byPath', request, { foreignObject: 403 }).code, 'FORBIDDEN')
})

test('an answer is shown to its owner alone', () => {
  assert.equal(answer('byAnswer', { body: { ownerId: 'ada' } }).verdict, pass)
  for (const body of [{ ownerId: 'eve' }, {}, [], null, { ownerId: null }, 'text', '{"ownerId":'])
    assert.equal(
      answer('byAnswer', { body: typeof body === 'string' ? body : JSON.stringify(body) }).code,
      'NOT_FOUND',
    )
  assert.equal(answer('byAnswer', { body: { ownerId: 'ada' } }, {}).code, 'NOT_FOUND', 'nobody owns nothing')
})

test('an answer whose owner cannot be seen is not shown', () => {
  assert.equal(answer('byAnswer', { body: 'x', stream: true, contentType: 'image/png' }).code, 'NOT_FOUND')
  const head = { method: 'HEAD', principal: knownCaller() }
  assert.equal(answer('byAnswer', { status: 200 }, head).code, 'NOT_FOUND')
})

test('answers that show no object pass', () => {
  for (const status of [301, 304, 400, 404, 500])
    assert.equal(answer('byAnswer', { status, body: {} }).verdict, pass)
  assert.equal(answer('byAnswer', { status: 204 }).verdict, pass)
})

test('items of others are left out of a list, and so are items without an owner', () => {
  const principal = knownCaller({ consumer: 'c1' })
  const body =
    '{"items":[{"n":1,"owner":{"id":"c1"}},{"n":2,"owner":{"id":"c2"}},{"n":3},null,{"n":12345678901234567890,"owner":{"id":"c1"}}],"next":"x"}'
  const outcome = answer('byItem', { body }, { principal })
  assert.equal(outcome.note, 'left out 3 of other owners')
  assert.equal(
    outcome.text,
    '{"items":[{"n":1,"owner":{"id":"c1"}},{"n":12345678901234567890,"owner":{"id":"c1"}}],"next":"x"}',
  )
})

test('a list that is all the caller’s goes on byte by byte, and an empty one too', () => {
  const principal = knownCaller({ consumer: 'c1' })
  for (const body of ['{ "items": [ {"owner":{"id":"c1"}} ] }', '{ "items": [] }']) {
    const outcome = answer('byItem', { body }, { principal })
    assert.equal(outcome.verdict, pass)
    assert.equal(outcome.text, body)
  }
  assert.equal(answer('byItem', { body: { items: {} } }, { principal }).code, 'NOT_FOUND')
})

test('in shadow nothing is left out, and it is told', () => {
  const body = '{"items":[{"owner":{"id":"c2"}}]}'
  const subject = bench.compile(authorizationGuard, 'byItem', { mode: 'shadow' })
  const outcome = subject.answer({ body }, { principal: knownCaller() })
  assert.equal(outcome.note, 'would leave out 1 of other owners')
  assert.equal(outcome.text, body)
})

test('of lists within lists the innermost is thinned', () => {
  const outcome = answer('byNested', { body: [{ items: ['ada', 'eve'] }, { items: ['eve'] }, { items: 7 }] })
  assert.deepEqual(JSON.parse(outcome.text), [{ items: ['ada'] }, { items: [] }])
  assert.equal(outcome.note, 'left out 3 of other owners')
})

const mistakes: readonly (readonly [
  name: string,
  from: string,
  to: string,
  operation: string,
  code: string,
  severity: string,
])[] = [
  [
    'a path variable that is not there',
    'path: userId',
    'path: userID',
    'byPath',
    'unknown-owner-parameter',
    'error',
  ],
  [
    'a query parameter that is not there',
    'query: customer,',
    'query: custmer,',
    'byQuery',
    'unknown-owner-parameter',
    'error',
  ],
  [
    'a body that is no JSON',
    'requestBody: { required: true, content: { application/json: {} } }',
    'requestBody: { required: true, content: { application/json: {}, text/plain: {} } }',
    'byBody',
    'owner-body-not-json',
    'error',
  ],
  [
    'a body that is not declared',
    'requestBody: { required: true, content: { application/json: {} } }',
    'description: x',
    'byBody',
    'owner-body-not-json',
    'error',
  ],
  [
    'an owner where everybody is let in',
    'operationId: byAnswer',
    'security: []\n      operationId: byAnswer',
    'byAnswer',
    'owner-without-caller',
    'error',
  ],
  [
    'an owner known when it is too late',
    'owner: { body: /customer/id }',
    'owner: { answer: /customer/id }',
    'byBody',
    'owner-known-too-late',
    'warning',
  ],
]
for (const [name, from, to, operation, code, severity] of mistakes) {
  test(`${name} is told at load, with its line`, async () => {
    assert.ok(contract.includes(from))
    const other = await openContractBench(contract.replace(from, to))
    other.compile(authorizationGuard, operation)
    assert.deepEqual(
      other.diagnostics.map((each) => [each.code, each.severity]),
      [[code, severity]],
    )
    assert.ok((other.diagnostics[0]?.position?.line ?? 0) > 1)
  })
}

test('the declaration is held to its schema', () => {
  const owner = authorizationGuard.extension?.['owner']
  for (const wrong of [
    {},
    { equals: 'sub' },
    { path: '' },
    { answer: 'ownerId' },
    { answer: '/a/~2' },
    { answer: '/' },
    { path: 'a', claim: 'sub' },
  ])
    assert.equal(owner?.safeParse(wrong).success, false, JSON.stringify(wrong))
  for (const right of [{ path: 'a' }, { answer: '/*/a~1b' }, { body: '/a', unless: 'x' }])
    assert.equal(owner?.safeParse(right).success, true, JSON.stringify(right))
})
