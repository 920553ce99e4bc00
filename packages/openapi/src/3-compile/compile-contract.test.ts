import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadContract } from '../load-contract.ts'
import { sampleContract, sampleMistakes, sampleOperation } from './testing.ts'

test('a contract names itself, its dialect and its operations', async () => {
  const contract = await sampleContract({
    openapi: '3.2.0',
    item: { query: {}, additionalOperations: { COPY: { operationId: 'copy' } } },
  })
  assert.equal(contract.title, 'Sample')
  assert.equal(contract.dialect, '3.2')
  assert.deepEqual(
    contract.operations.map(({ id, method, template }) => [id, method, template]),
    [
      ['QUERY /a', 'QUERY', '/a'],
      ['GET /a', 'GET', '/a'],
      ['copy', 'COPY', '/a'],
    ],
  )
  assert.deepEqual(contract.operations[1]?.position, { file: 'sample.yaml', line: 11, column: 5 })
})

test('paths that share their operations by reference have operations of their own', async () => {
  const { operations } = await sampleContract({
    document: { components: { pathItems: { Shared: { post: { operationId: 'send' } } } } },
    path: '/a',
    item: { $ref: '#/components/pathItems/Shared' },
  })
  assert.deepEqual(
    operations.map(({ id }) => id),
    ['send'],
  )
  const text = `openapi: 3.1.0
info: { title: a, version: '1' }
paths: { /a: { $ref: '#/components/pathItems/S' }, /b: { $ref: '#/components/pathItems/S' } }
components: { pathItems: { S: { post: { operationId: send } } } }`
  const { contract } = await loadContract({ text, file: 'a.yaml' })
  assert.deepEqual(
    contract?.operations.map(({ id }) => id),
    ['send', 'POST /b'],
  )
})

test('an operation that is kept elsewhere is followed as bundlers do, parameters of its path included', async () => {
  const text = `openapi: 3.0.3
info: { title: a, version: '1' }
paths:
  /a/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get: { $ref: '#/x-operations/read' }
x-operations:
  read: { operationId: read, deprecated: true, responses: { 200: { description: fine } } }`
  const { contract, diagnostics } = await loadContract({ text, file: 'a.yaml' })
  const [operation] = contract?.operations ?? []
  assert.deepEqual([operation?.id, operation?.method, operation?.deprecated], ['read', 'GET', true])
  assert.deepEqual(
    diagnostics.map(({ code, position }) => [code, position?.line]),
    [['unspecified-reference', 6]],
  )
})

const servers: readonly (readonly [servers: unknown, basePath: string])[] = [
  [undefined, ''],
  [[{ url: '/' }], ''],
  [[{ url: 'https://api.example.com/v1/' }], '/v1'],
  [[{ url: 'v2' }], '/v2'],
  [
    [{ url: 'https://{host}/{version}', variables: { host: { default: 'a' }, version: { default: 'v3' } } }],
    '/v3',
  ],
]

for (const [list, basePath] of servers) {
  test(`the base path of ${JSON.stringify(list)} is "${basePath}"`, async () => {
    assert.equal((await sampleContract({ document: { servers: list } })).basePath, basePath)
  })
}

test('servers with another base path, of the document or of one path, are reported', async () => {
  const document = { servers: [{ url: '/v1' }, { url: 'https://sandbox.example/v1' }, { url: '/v2' }] }
  assert.deepEqual(await sampleMistakes({ document }), ['warning ignored-server'])
  assert.deepEqual(await sampleMistakes({ operation: { servers: [{ url: '/v2' }] } }), [
    'warning ignored-server',
  ])
})

const schemes = { key: { type: 'apiKey', in: 'query', name: 'k' }, login: { type: 'http', scheme: 'Bearer' } }

test('security is inherited, replaced, emptied, and absent', async () => {
  const components = { securitySchemes: schemes }
  const security = [{ key: [], login: ['a'] }, {}]
  const read = async (document: Record<string, unknown>, operation: Record<string, unknown>) =>
    (await sampleOperation({ document, operation })).security
  assert.deepEqual(await read({ components, security }, {}), [
    [
      { scheme: 'key', scopes: [] },
      { scheme: 'login', scopes: ['a'] },
    ],
    [],
  ])
  assert.deepEqual(await read({ components, security }, { security: [{ key: [] }] }), [
    [{ scheme: 'key', scopes: [] }],
  ])
  assert.deepEqual(await read({ components, security }, { security: [] }), [])
  assert.equal(await read({ components }, {}), undefined)
})

test('every kind of security scheme is understood', async () => {
  const document = {
    components: {
      securitySchemes: {
        ...schemes,
        flows: { type: 'oauth2', flows: {} },
        id: { type: 'openIdConnect', openIdConnectUrl: 'https://id.example' },
        tls: { type: 'mutualTLS' },
        same: { $ref: '#/components/securitySchemes/login' },
      },
    },
  }
  assert.deepEqual(Object.fromEntries((await sampleContract({ document })).securitySchemes), {
    key: { kind: 'apiKey', in: 'query', name: 'k' },
    login: { kind: 'http', scheme: 'bearer', bearerFormat: undefined },
    flows: { kind: 'oauth2' },
    id: { kind: 'openIdConnect', url: 'https://id.example' },
    tls: { kind: 'mutualTLS' },
    same: { kind: 'http', scheme: 'bearer', bearerFormat: undefined },
  })
})

test('a response is found by its status, then its class, then the default', async () => {
  const json = (name: string) => ({ description: name, content: { [`application/${name}`]: {} } })
  const responses = {
    200: json('exact'),
    '2XX': json('class'),
    default: json('default'),
    204: { description: 'none' },
  }
  const operation = await sampleOperation({ operation: { responses } })
  const typesOf = (status: number) => operation.response(status)?.mediaTypes
  assert.deepEqual(typesOf(200), ['application/exact'])
  assert.deepEqual(typesOf(201), ['application/class'])
  assert.deepEqual(typesOf(500), ['application/default'])
  assert.equal(operation.response(204)?.empty, true)
  assert.equal(operation.response(200)?.empty, false)
  assert.equal((await sampleOperation({})).response(404), undefined)
})

test('the extension of an operation stands over that of its path', async () => {
  const both = await sampleOperation({
    item: { 'x-gateward': { cost: 1, a: 1 } },
    operation: { 'x-gateward': { cost: 2 } },
  })
  assert.deepEqual(both.extension, { cost: 2, a: 1 })
  assert.equal(both.extensionPosition?.line, 14)
  const path = await sampleOperation({ item: { 'x-gateward': { cost: 1 } } })
  assert.deepEqual([path.extension, path.extensionPosition?.line], [{ cost: 1 }, 7])
  const none = await sampleOperation({})
  assert.deepEqual([none.extension, none.extensionPosition], [undefined, undefined])
})

test('an operation without a body takes none; a required one says so', async () => {
  assert.equal((await sampleOperation({})).requestBody, undefined)
  const content = { 'application/json': {} }
  assert.equal(
    (await sampleOperation({ operation: { requestBody: { content } } })).requestBody?.required,
    false,
  )
  const required = await sampleOperation({
    document: { components: { requestBodies: { Order: { required: true, content } } } },
    operation: { requestBody: { $ref: '#/components/requestBodies/Order' } },
  })
  assert.equal(required.requestBody?.required, true)
})

test('an error in a schema keeps the contract from being used, and is told with its line', async () => {
  const text = `openapi: 3.1.0
info: { title: a, version: '1' }
paths:
  /a:
    get:
      parameters:
        - name: q
          in: query
          schema:
            type: strin
      responses: {}
`
  const { contract, diagnostics } = await loadContract({ text, file: 'a.yaml' })
  assert.equal(contract, undefined)
  assert.equal(diagnostics[0]?.severity, 'error')
  assert.equal(diagnostics[0].position?.line, 10)
})

test('fields left empty count as absent, and nothing throws over them', async () => {
  const text = `openapi: 3.1.0
info:
paths:
  /a:
    parameters:
    get:
      parameters:
      requestBody:
      responses:
      security:
    post:
  /b:
components:
security:
servers:
`
  const { contract, diagnostics } = await loadContract({ text, file: 'a.yaml' })
  assert.deepEqual(
    contract?.operations.map(({ id, security }) => [id, security]),
    [['GET /a', undefined]],
  )
  assert.ok(diagnostics.every(({ code }) => code === 'empty-field'))
})
