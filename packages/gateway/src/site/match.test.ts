import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineProblem } from '@gateward/kernel'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import { openTestExchange } from '../exchange/testing.ts'
import { createApiMatcher, createOpenMatcher } from './api-matcher.ts'
import { createMatch, type HostedApi } from './match.ts'
import { PathEntry } from './path-entry.ts'
import { readTemplate } from './path-template.ts'
import type { Plan } from './site.ts'

function planOf(name: string): Plan {
  const json = { maxDepth: 1, maxKeys: 1, maxElements: 1, maxString: 1, maxNumber: 1, strict: true }
  return {
    route: { api: name, family: name, operationId: name, template: name, operation: undefined },
    steps: [],
    requestSteps: [],
    requestBodySteps: [],
    flowsRequestItems: false,
    responseSteps: [],
    defectSteps: [],
    wholeAnswer: false,
    itemSteps: [],
    flowsItems: false,
    answerTypes: new Set(),
    body: { maxItem: 1_000_000, maxRequest: 1, maxResponse: 1, json, deadline: 1 },
    answerJson: json,
    destination: { kind: 'problem', problem: defineProblem('NOT_FOUND', name) },
    showPointers: false,
  }
}

function requestOf(method: string, host: string, path: string): ReceivedRequest {
  return openTestExchange({ method, host, path }).request
}

function apiOf(
  name: string,
  basePath: string,
  hosts: readonly string[],
  templates: readonly string[],
): HostedApi {
  const paths = templates.map((template) => {
    const reading = readTemplate(template)
    assert.equal(reading.kind, 'template')
    const segments = reading.kind === 'template' ? reading.segments : []
    const plans = new Map([['GET', planOf(`${name} GET ${template}`)]])
    return { segments, entry: new PathEntry(plans, planOf(`${name} 405 ${template}`)) }
  })
  return { hosts, matcher: createApiMatcher(basePath, paths, planOf(`${name} 404`)) }
}

const strays = { notFound: planOf('404'), misdirected: planOf('421') }
const match = createMatch(
  [
    apiOf('shop', '/v1', [], ['/orders', '/orders/{id}']),
    apiOf('shop2', '/v1/next', [], ['/orders']),
    apiOf('jobs', '/v2', [], ['/jobs/{id}', '/jobs/{id}:cancel', '/jobs/all:cancel']),
    apiOf('admin', '', ['admin.example'], ['/users/{id}']),
    { hosts: ['open.example'], matcher: createOpenMatcher('/any', planOf('open')) },
  ],
  strays,
)

const cases: readonly (readonly [method: string, url: string, plan: string, ...parameters: string[]])[] = [
  ['GET', 'a.example/v1/orders', 'shop GET /orders'],
  ['GET', 'a.example/v1/orders/7', 'shop GET /orders/{id}', '7'],
  ['PUT', 'a.example/v1/orders/7', 'shop 405 /orders/{id}', '7'],
  ['get', 'a.example/v1/orders', 'shop 405 /orders'],
  ['GET', 'a.example/v1/next/orders', 'shop2 GET /orders'],
  ['GET', 'a.example/v1/nextorders', 'shop 404'],
  ['GET', 'a.example/v1/next/x', 'shop2 404'],
  ['GET', 'a.example/v1', 'shop 404'],
  ['GET', 'a.example/v1/', 'shop 404'],
  ['GET', 'a.example/v10/orders', '404'],
  ['GET', 'a.example/v2/jobs/7', 'jobs GET /jobs/{id}', '7'],
  ['GET', 'a.example/v2/jobs/7:cancel', 'jobs GET /jobs/{id}:cancel', '7'],
  ['GET', 'a.example/v2/jobs/all:cancel', 'jobs GET /jobs/all:cancel'],
  // A service that undoes the escape first would run the other operation.
  ['GET', 'a.example/v2/jobs/7%3Acancel', 'jobs 404'],
  ['GET', 'a.example/v2/jobs/all%3Acancel', 'jobs 404'],
  ['GET', 'a.example/v2/jobs/ada%40x%2B1', 'jobs GET /jobs/{id}', 'ada%40x%2B1'],
  ['GET', 'a.example/v2/jobs/a%20b', 'jobs GET /jobs/{id}', 'a%20b'],
  ['GET', 'a.example/', '404'],
  ['GET', 'admin.example/users/7', 'admin GET /users/{id}', '7'],
  ['GET', 'admin.example/v1/orders', 'admin 404'],
  ['GET', 'open.example/any', 'open'],
  ['POST', 'open.example/any/thing/at/all', 'open'],
  ['GET', 'open.example/anything', '404'],
]

for (const [method, url, plan, ...parameters] of cases) {
  test(`${method} ${url} goes to ${plan}`, () => {
    const slash = url.indexOf('/')
    const found = match(requestOf(method, url.slice(0, slash), url.slice(slash)))
    assert.equal(found.plan.route.operationId, plan)
    assert.deepEqual(found.pathParameters, parameters)
  })
}

test('a host that no API serves is misdirected, where every API names its hosts', () => {
  const named = createMatch([apiOf('admin', '', ['admin.example'], ['/'])], strays)
  assert.equal(named(requestOf('GET', 'other.example', '/')).plan, strays.misdirected)
  assert.equal(named(requestOf('GET', '', '/')).plan, strays.misdirected)
  assert.equal(named(requestOf('GET', 'admin.example', '/')).plan.route.operationId, 'admin GET /')
})

test('a path that was matched once leaves no trace in the next match', () => {
  const first = match(requestOf('GET', 'a.example', '/v1/orders/1'))
  const second = match(requestOf('GET', 'a.example', '/v1/orders/2'))
  assert.deepEqual([first.pathParameters, second.pathParameters], [['1'], ['2']])
})
