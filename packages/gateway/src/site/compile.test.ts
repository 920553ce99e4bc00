import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { formatDiagnostics } from '@gateward/kernel'
import { loadConfiguration } from '../config/load.ts'
import { openTestExchange } from '../exchange/testing.ts'
import { guardCatalog } from '../guards/catalog.ts'
import { openTestBench, type TestBench } from '../guards/testing.ts'
import { compileSite, type SiteResult } from './compile.ts'
import { ContractCache } from './contract-cache.ts'
import type { Plan } from './site.ts'
import { createUpstreamRegistry, type UpstreamRegistry } from './upstream-registry.ts'

const directory = mkdtempSync(join(tmpdir(), 'gateward-site-'))
let bench: TestBench
let upstreams: UpstreamRegistry

before(async () => {
  bench = await openTestBench()
  upstreams = createUpstreamRegistry({ clock: bench.clock })
})

after(async () => {
  await upstreams[Symbol.asyncDispose]()
  await bench[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

const contract = `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
servers: [{ url: https://shop.example/v1 }]
security: [{ key: [] }]
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-API-Key }
paths:
  /orders:
    get:
      operationId: listOrders
      responses: { '200': { description: fine } }
    post:
      operationId: createOrder
      x-gateward: { guards: { protocol: { maxBody: 2KB }, quota: { mode: shadow } } }
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: made } }
  /orders/{id}:
    parameters: [{ in: path, name: id, required: true, schema: { type: integer } }]
    delete:
      operationId: deleteOrder
      responses: { '204': { description: gone } }
`

async function compile(
  settings: string,
  files: Readonly<Record<string, string>> = { 'shop.yaml': contract },
  rulesDigest = '',
) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  const file = join(directory, 'gateward.yaml')
  writeFileSync(file, settings)
  const { configuration, diagnostics } = await loadConfiguration({ file, env: {} })
  assert.ok(configuration, formatDiagnostics(diagnostics))
  const selection = upstreams.begin()
  const { services } = bench
  const result = await compileSite({
    configuration,
    rulesDigest,
    services,
    upstreams: selection,
    contracts: new ContractCache(),
  })
  selection.keep()
  return result
}

const shop = 'version: 1\napis:\n  shop: { contract: ./shop.yaml, upstream: http://127.0.0.1:3000 }\n'

function planFor({ site }: SiteResult, method: string, path: string): Plan {
  assert.ok(site)
  return site.match(openTestExchange({ method, host: 'shop.example', path }).request).plan
}

function told({ diagnostics }: SiteResult): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return formatDiagnostics(errors).replaceAll(`${directory}/`, '')
}

test('an operation has a plan under the base path of its contract', async () => {
  const result = await compile(shop)
  assert.equal(told(result), '')
  const plan = planFor(result, 'GET', '/v1/orders')
  assert.equal(plan.route.operationId, 'listOrders')
  assert.equal(plan.route.template, '/v1/orders')
  assert.equal(plan.destination.kind, 'upstream')
  assert.deepEqual(
    plan.steps.map(({ name }) => name),
    guardCatalog.map(({ name }) => name).filter((name) => plan.steps.some((step) => step.name === name)),
  )
  assert.ok(plan.steps.some(({ name }) => name === 'authentication'))
  const places = plan.responseSteps.map(({ place }) => place)
  assert.deepEqual(
    places,
    places.toSorted((left, right) => right - left),
  )
  assert.deepEqual(
    result.site?.apis.map(({ title, operations }) => [title, operations]),
    [['Shop', 3]],
  )
  assert.deepEqual(
    result.files.map((file) => basename(file)),
    ['shop.yaml'],
  )
})

test('HEAD is served as GET, and only where there is a GET', async () => {
  const result = await compile(shop)
  assert.equal(planFor(result, 'HEAD', '/v1/orders'), planFor(result, 'GET', '/v1/orders'))
  assert.equal(planFor(result, 'HEAD', '/v1/orders/7').destination.kind, 'problem')
})

test('a method that a path does not offer is refused with those it does', async () => {
  const { destination, route } = planFor(await compile(shop), 'PUT', '/v1/orders')
  assert.equal(route.template, '/v1/orders')
  assert.equal(destination.kind === 'problem' && destination.problem.code, 'METHOD_NOT_ALLOWED')
  assert.deepEqual(destination.kind === 'problem' && destination.problem.headers, [
    ['allow', 'GET, POST, HEAD, OPTIONS'],
  ])
})

test('OPTIONS is answered with the methods, after the guards and never by the upstream', async () => {
  const plan = planFor(await compile(shop), 'OPTIONS', '/v1/orders/7')
  const last = plan.requestSteps.at(-1)
  const verdict = await last?.guard.onRequest?.(openTestExchange({ method: 'OPTIONS' }))
  assert.equal(verdict?.kind, 'answer')
  const answer = verdict.kind === 'answer' ? verdict.answer : undefined
  assert.equal(answer?.status, 204)
  assert.equal(answer.headers.get('allow'), 'DELETE, OPTIONS')
  assert.equal(plan.destination.kind, 'problem')
})

test('paths outside the contract and outside the base path are not found, and still guarded', async () => {
  const result = await compile(shop)
  for (const path of ['/v1/other', '/v1', '/', '/orders', '/v1/orders/', '/v1/orders/7/8']) {
    const plan = planFor(result, 'GET', path)
    assert.equal(plan.destination.kind === 'problem' && plan.destination.problem.code, 'NOT_FOUND', path)
    assert.ok(
      plan.requestSteps.some(({ name }) => name === 'flood'),
      path,
    )
  }
})

test('an operation overrides an API, and an API the root; the rest of a section stays', async () => {
  const result = await compile(
    shop.replace(' }\n', ', guards: { protocol: { maxBody: 4KB }, flood: { mode: off } } }\n') +
      'guards: { protocol: { maxBody: 8KB, json: { maxDepth: 5 } } }\n',
  )
  assert.equal(told(result), '')
  const list = planFor(result, 'GET', '/v1/orders')
  const create = planFor(result, 'POST', '/v1/orders')
  const stray = planFor(result, 'GET', '/nowhere')
  assert.deepEqual(
    [create, list, stray].map(({ body }) => body.maxRequest),
    [2048, 4096, 8192],
  )
  assert.deepEqual(
    [create, list, stray].map(({ body }) => body.json.maxDepth),
    [5, 5, 5],
  )
  assert.equal(create.steps.find(({ name }) => name === 'quota')?.mode, 'shadow')
  assert.equal(list.steps.find(({ name }) => name === 'quota')?.mode, 'enforce')
  assert.deepEqual(
    [list, stray].map(({ steps }) => steps.some(({ name }) => name === 'flood')),
    [false, true],
  )
})

test('an API without a contract has one plan for every path and method', async () => {
  const result = await compile(
    'version: 1\napis: { any: { contract: none, upstream: http://127.0.0.1:3000, basePath: /x } }',
  )
  assert.equal(told(result), '')
  assert.equal(planFor(result, 'GET', '/x/a/b'), planFor(result, 'PURGE', '/x'))
  assert.equal(planFor(result, 'GET', '/x').destination.kind, 'upstream')
  assert.equal(planFor(result, 'GET', '/').destination.kind, 'problem')
})

test('the base path is taken off for the upstream where it is asked for', async () => {
  const { destination } = planFor(
    await compile(shop.replace(' }\n', ', stripBasePath: true }\n')),
    'GET',
    '/v1/orders',
  )
  assert.equal(destination.kind === 'upstream' && destination.strip, '/v1')
})

const mistakes: readonly (readonly [
  name: string,
  settings: string,
  files: Readonly<Record<string, string>>,
  expected: RegExp,
])[] = [
  [
    'an unknown key of x-gateward',
    shop,
    { 'shop.yaml': contract.replace('operationId: listOrders', 'x-gateward: { annonymous: allow }') },
    /^shop\.yaml:11:\d+ +error +unknown setting x-gateward\.annonymous +did you mean "anonymous"\?$/,
  ],
  [
    'an unknown setting in an operation’s override',
    shop,
    { 'shop.yaml': contract.replace('maxBody: 2KB', 'maxBdy: 2KB') },
    /^shop\.yaml:15:\d+ +error +unknown setting x-gateward\.guards\.protocol\.maxBdy +did you mean "maxBody"\?$/,
  ],
  [
    'a setting that an operation cannot override',
    shop,
    { 'shop.yaml': contract.replace('maxBody: 2KB', 'wire: { headerCount: 5 }') },
    /^shop\.yaml:15:\d+ +error +x-gateward\.guards\.protocol\.wire holds for the whole gateway/,
  ],
  ['a contract that is not there', shop.replace('shop.yaml', 'shoop.yaml'), {}, /shoop\.yaml/],
  [
    'two APIs under one path',
    `${shop}  more: { contract: none, upstream: http://127.0.0.1:3001, basePath: /v1 }\n`,
    {},
    /^gateward\.yaml:4:3 +error +apis\.shop and apis\.more are both served under \/v1 /,
  ],
  [
    'TLS verification turned off without a waiver',
    shop.replace(
      'http://127.0.0.1:3000',
      '{ targets: [{ url: https://127.0.0.1 }], tls: { verify: false } }',
    ),
    {},
    /waiver/,
  ],
]

for (const [name, settings, files, expected] of mistakes) {
  test(`${name} stops the load and is told with its place`, async () => {
    const result = await compile(settings, { 'shop.yaml': contract, ...files })
    assert.equal(result.site, undefined)
    assert.match(told(result), expected)
  })
}

test('the hash follows settings, contracts and rules, not their formatting', async () => {
  const first = (await compile(shop)).site?.hash
  assert.match(first ?? '', /^[0-9a-f]{12}$/)
  assert.equal((await compile(`# a comment\n${shop}`)).site?.hash, first)
  assert.notEqual((await compile(`${shop}environment: test\n`)).site?.hash, first)
  assert.notEqual((await compile(shop, { 'shop.yaml': `${contract}#` })).site?.hash, first)
  assert.notEqual((await compile(shop, { 'shop.yaml': contract }, 'other rules')).site?.hash, first)
})
