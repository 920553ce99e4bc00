import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { connect, type IncomingHttpHeaders } from 'node:http2'
import { after, before, describe, it } from 'node:test'
import { explain, guardOrder } from '@gateward/gateway'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const hour = 3_600_000
const start = Math.ceil(Date.now() / 1_000) * 1_000
let shift = 0
const clock = { now: () => Date.now() + shift, tick: () => performance.now() }

/** A moment so many hours after the tests began, as configuration writes it. */
function at(hours: number): string {
  return new Date(start + hours * hour).toISOString().replace('.000', '')
}

/** Moves the gateway's clock to a little after that moment. */
function moveTo(hours: number): void {
  shift = start + hours * hour + 500 - Date.now()
}

const response = { 200: { description: 'fine' } }
const contract = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '2' },
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
  security: [{ key: [] }],
  paths: {
    '/orders': {
      get: { operationId: 'listOrders', responses: response },
      post: {
        operationId: 'createOrder',
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: response,
      },
    },
    '/open': { get: { operationId: 'open', security: [], responses: response } },
  },
}

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly headers: ReadonlyMap<string, string>
}

function parse(text: string): Answer {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const headers = new Map<string, string>()
  for (const field of fields) {
    const name = field.slice(0, field.indexOf(':')).toLowerCase()
    const value = field.slice(field.indexOf(':') + 1).trim()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return {
    status: Number(line.split(' ')[1]),
    code: /"code":"([A-Z_]+)"/.exec(body)?.[1],
    headers,
  }
}

function open(api: Readonly<Record<string, unknown>>, withContract = true): Promise<RunningGate> {
  return startGate({
    ...(withContract && { contract }),
    api,
    clock,
    // The watch of traffic would find the jumps of the clock unusual.
    settings: { anomalies: { enabled: false }, anonymous: !withContract },
    service: (_, answer) =>
      answer
        .writeHead(200, {
          'content-type': 'application/json',
          deprecation: 'true',
          link: '</theirs>; rel="x"',
        })
        .end('{}'),
  })
}

async function send(gate: RunningGate, line: string, ...fields: readonly string[]): Promise<Answer> {
  return parse(await gate.exchange(plainRequest(line, ...fields)))
}

const everyPlace = ['path', 'header:X-API-Version', 'media-type:version', 'query:api-version']

describe('the version of a request', () => {
  let gate: RunningGate
  before(async () => {
    shift = 0
    gate = await open({
      versions: {
        in: everyPlace,
        default: 'v2',
        offered: { v1: { value: '1' }, v2: { value: '2' } },
      },
    })
  })
  after(() => gate[Symbol.asyncDispose]())

  const routed: readonly (readonly [line: string, fields: readonly string[], version: string])[] = [
    ['GET /v1/orders', [], 'v1'],
    ['GET /v2/orders', [], 'v2'],
    ['GET /orders', [], 'v2'],
    ['GET /orders', ['x-api-version: 1'], 'v1'],
    ['GET /orders', ['X-Api-VERSION:   1  '], 'v1'],
    ['GET /orders?api-version=1', [], 'v1'],
    ['GET /orders?api-versio%6e=%31', [], 'v1'],
    ['GET /orders', ['accept: application/json;version=1'], 'v1'],
    [
      'GET /orders',
      ['accept: application/json; VERSION="1", application/problem+json;version=1;q=0.5'],
      'v1',
    ],
    ['GET /orders', ['accept: */*'], 'v2'],
    ['GET /orders', ['accept: text/html;level=1, application/json;note="a,b;version=1"'], 'v2'],
    ['GET /v1/orders?api-version=1', ['x-api-version: 1', 'accept: a/b;version=1'], 'v1'],
    ['GET /%761/orders', [], 'v1'],
  ]
  for (const [line, fields, version] of routed) {
    it(`is ${version} of ${line} ${fields.join(' ')}`, async () => {
      const before = gate.served.length
      const answer = await send(gate, line, `x-api-key: ${gate.key}`, ...fields)
      assert.equal(answer.status, 200, `${answer.code}`)
      const { target, headers } = gate.served[before] ?? assert.fail('nothing was served')
      assert.ok(target.startsWith(`/${version}/orders`), target)
      assert.equal(headers['x-api-version'], version.slice(1))
    })
  }

  const refused: readonly (readonly [line: string, fields: readonly string[], code: string])[] = [
    ['GET /v1/orders', ['x-api-version: 2'], 'VERSION_CONFLICT'],
    ['GET /v2/orders?api-version=1', [], 'VERSION_CONFLICT'],
    ['GET /orders?api-version=1', ['x-api-version: 2'], 'VERSION_CONFLICT'],
    ['GET /orders?api-version=1&api-version=1', [], 'VERSION_CONFLICT'],
    ['GET /orders?API-Version=1', [], 'VERSION_CONFLICT'],
    ['GET /orders?api-version[]=1', [], 'VERSION_CONFLICT'],
    ['GET /orders?a=1;api-version=1', [], 'VERSION_CONFLICT'],
    ['GET /orders?api-version=%zz', [], 'VERSION_CONFLICT'],
    ['GET /orders', ['x-api-version: 1', 'x-api-version: 1'], 'VERSION_CONFLICT'],
    ['GET /orders', ['x-api-version: 1', 'x-api-version: 2'], 'VERSION_CONFLICT'],
    ['GET /orders', ['x_api_version: 1'], 'VERSION_CONFLICT'],
    ['GET /orders', ['x-api-version: 2', 'x_api_version: 1'], 'VERSION_CONFLICT'],
    ['GET /orders', ['accept: a/b;version=1, a/c;version=2'], 'VERSION_CONFLICT'],
    ['GET /orders', ['accept: a/b;version=1', 'accept: a/b;version=2'], 'VERSION_CONFLICT'],
    ['GET /orders', ['accept: a/b;version=1;version=2'], 'VERSION_CONFLICT'],
    ['GET /orders', ['accept: a/b;version="1'], 'VERSION_CONFLICT'],
    ['GET /orders', ['x-api-version: 1,2'], 'VERSION_UNKNOWN'],
    ['GET /orders', ['x-api-version: v1'], 'VERSION_UNKNOWN'],
    ['GET /orders', ['x-api-version:'], 'VERSION_UNKNOWN'],
    ['GET /orders', ['x-api-version: constructor'], 'VERSION_UNKNOWN'],
    ['GET /orders?api-version=3', [], 'VERSION_UNKNOWN'],
    ['GET /V1/orders', [], 'NOT_FOUND'],
    ['GET /%561/orders', [], 'NOT_FOUND'],
    ['GET /v3/orders', [], 'NOT_FOUND'],
    ['GET /v1/v2/orders', [], 'NOT_FOUND'],
    ['GET /v1', [], 'NOT_FOUND'],
    ['GET //v1/orders', [], 'INVALID_PATH'],
    ['GET /v1%2forders', [], 'INVALID_PATH'],
    ['GET /v2/../v1/orders', [], 'INVALID_PATH'],
    ['GET /v1;a=b/orders', [], 'INVALID_PATH'],
  ]
  for (const [line, fields, code] of refused) {
    it(`is not clear of ${line} ${fields.join(' ')}, so the service never sees it`, async () => {
      const before = gate.served.length
      const answer = await send(gate, line, `x-api-key: ${gate.key}`, ...fields)
      assert.equal(answer.code, code)
      assert.equal(answer.status, code === 'NOT_FOUND' ? 404 : 400)
      assert.equal(gate.served.length, before)
    })
  }

  it('cannot be taken off on the way by a client that names its field in Connection', async () => {
    const before = gate.served.length
    const line = plainRequest('GET /orders', `x-api-key: ${gate.key}`, 'x-api-version: 1')
    const answer = await gate.exchange(line.replace('connection: close', 'connection: close, x-api-version'))
    assert.equal(parse(answer).code, 'BAD_REQUEST')
    assert.equal(gate.served.length, before)
  })

  it('is part of what numbers are counted under, and of what caches keep answers by', async () => {
    const answer = await send(gate, 'GET /v1/orders', `x-api-key: ${gate.key}`)
    assert.match(answer.headers.get('vary') ?? '', /X-API-Version, Accept/)
    assert.match(
      await gate.metrics(),
      /gateward_http_requests_total\{api="attacked@v1",operation="listOrders"/,
    )
  })
})

describe('a request that names no version', () => {
  it('is refused where none is the default', async () => {
    const versions = { in: ['header:X-API-Version'], default: 'none', offered: { v1: {}, v2: {} } }
    await using gate = await open({ versions })
    const answer = await send(gate, 'GET /orders', `x-api-key: ${gate.key}`)
    assert.deepEqual([answer.status, answer.code], [400, 'VERSION_REQUIRED'])
    assert.equal((await send(gate, 'GET /orders', `x-api-key: ${gate.key}`, 'x-api-version: v1')).status, 200)
    assert.equal(gate.served[0]?.target, '/orders')
  })

  it('is not found where the path alone names versions', async () => {
    await using gate = await open({
      versions: { in: ['path'], default: 'none', offered: { v1: {}, v2: {} } },
    })
    assert.equal((await send(gate, 'GET /orders', `x-api-key: ${gate.key}`)).code, 'NOT_FOUND')
  })

  it('cannot reach a version under another case, without a contract either', async () => {
    await using gate = await open(
      { versions: { in: ['path'], default: 'v2', offered: { v1: {}, v2: {} } } },
      false,
    )
    assert.equal((await send(gate, 'GET /V1/anything')).status, 404)
    assert.equal((await send(gate, 'GET /anything')).status, 200)
    assert.deepEqual(
      gate.served.map(({ target }) => target),
      ['/v2/anything'],
    )
  })
})

describe('a version with a plan', () => {
  let gate: RunningGate
  const plan = {
    reason: 'its orders can be read by anybody',
    insecure: true,
    finding: 'CVE-2027-12345',
    successor: 'v2',
    links: { deprecation: 'https://shop.example/docs/v1' },
    stages: {
      deprecated: at(1),
      brownouts: [{ from: at(2), for: '15m', every: '30m', until: at(3), growTo: '20m' }],
      readOnly: at(4),
      retired: at(5),
    },
  }
  before(async () => {
    shift = 0
    gate = await open({
      versions: { in: ['path', 'header:X-API-Version'], default: 'v2', offered: { v1: { plan }, v2: {} } },
    })
  })
  after(() => gate[Symbol.asyncDispose]())

  const ask = (line: string, ...fields: string[]) => send(gate, line, `x-api-key: ${gate.key}`, ...fields)

  it('tells every caller when it ends, before any date has come', async () => {
    moveTo(0)
    const answer = await ask('GET /v1/orders')
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('deprecation'), `@${(start + hour) / 1_000}`)
    assert.equal(answer.headers.get('sunset'), new Date(start + 5 * hour).toUTCString())
    assert.equal(
      answer.headers.get('link'),
      '</theirs>; rel="x", <https://shop.example/docs/v1>; rel="deprecation", </v2>; rel="successor-version"',
    )
  })

  it('tells it on refusals too, and the version that stays tells nothing', async () => {
    const refused = await send(gate, 'GET /v1/orders')
    assert.equal(refused.status, 401)
    assert.ok(refused.headers.has('sunset'))
    const other = await ask('GET /v2/orders')
    assert.equal(other.headers.has('sunset'), false)
    assert.equal(other.headers.get('deprecation'), 'true')
  })

  it('answers 410 within a brownout and says when it is back', async () => {
    moveTo(2)
    const answer = await ask('GET /v1/orders')
    assert.deepEqual([answer.status, answer.code], [410, 'VERSION_PAUSED'])
    const seconds = Number(answer.headers.get('retry-after'))
    assert.ok(seconds > 14 * 60 && seconds <= 15 * 60, `${seconds}`)
    assert.match(answer.headers.get('link') ?? '', /<\/v2>; rel="successor-version"/)
    moveTo(2.26)
    assert.equal((await ask('GET /v1/orders')).status, 200)
    moveTo(2.83)
    assert.equal((await ask('GET /v1/orders')).status, 410)
    moveTo(2.84)
    assert.equal((await ask('GET /v1/orders')).status, 200)
    assert.equal((await ask('GET /v2/orders')).status, 200)
  })

  it('refuses what changes something once it is read-only, and says what it still offers', async () => {
    moveTo(4)
    assert.equal((await ask('GET /v1/orders')).status, 200)
    for (const fields of [[], ['x-http-method-override: GET']]) {
      const answer = await ask('POST /v1/orders', ...fields)
      assert.deepEqual([answer.status, answer.code], [405, 'VERSION_READ_ONLY'])
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, OPTIONS')
    }
    assert.equal(
      (await ask('POST /v2/orders', 'content-type: application/json', 'content-length: 0')).status,
      200,
    )
  })

  it('answers 410 for ever once it has retired, by every path and name, to anybody', async () => {
    moveTo(5)
    const served = gate.served.length
    for (const line of [
      'GET /v1/orders',
      'POST /v1/orders',
      'GET /v1/open',
      'GET /v1/other',
      'GET /%761/orders',
    ]) {
      const answer = await ask(line)
      assert.deepEqual([answer.status, answer.code], [410, 'VERSION_RETIRED'], line)
      assert.match(answer.headers.get('link') ?? '', /successor-version/)
      assert.equal(answer.headers.has('retry-after'), false)
    }
    assert.equal((await ask('GET /orders', 'x-api-version: v1')).status, 410)
    assert.equal((await send(gate, 'GET /v1/orders')).status, 410)
    for (const line of ['GET /V1/orders', 'GET //v1/orders', 'GET /v1%2forders', 'GET /v1/'])
      assert.ok([400, 404, 410].includes((await ask(line)).status), line)
    assert.equal(gate.served.length, served)
    assert.equal((await ask('GET /orders')).status, 200)
  })

  it('is told by explain with what comes next, of a request that passed too', async () => {
    moveTo(1)
    const answer = await ask('GET /v1/orders')
    const record = await gate.record(answer.headers.get('x-request-id') ?? '')
    const story = explain(record, guardOrder)
    assert.match(story, /flood +─ version ─ authentication/)
    assert.match(story, /version +v1 deprecated, brownouts on \d{4}-\d\d-\d\d/)
    moveTo(5)
  })

  it('is in the record of a request with its stage', async () => {
    const answer = await ask('GET /v1/orders')
    const record = await gate.record(answer.headers.get('x-request-id') ?? '')
    const step = record.guards.find(({ guard }) => guard === 'version')
    assert.equal(step?.verdict, 'refuse')
    assert.match(step?.note ?? '', /v1 has retired for CVE-2027-12345/)
    assert.equal(record.api, 'attacked@v1')
  })
})

describe('a deprecated operation', () => {
  const deprecation = { since: at(-1), sunset: at(9), link: 'https://shop.example/docs/orders' }
  const operation = { operationId: 'old', security: [], responses: response, deprecated: true }
  const paths = {
    '/dated': { get: { ...operation, 'x-gateward': { deprecation } } },
    '/undated': { get: { ...operation, operationId: 'undated' } },
  }
  const start = (own: object): Promise<RunningGate> =>
    startGate({ contract: { ...contract, paths: own }, service: (_, answer) => answer.end() })

  it('tells its dates, and nothing where none is known', async () => {
    await using gate = await start(paths)
    const { status, headers } = await send(gate, 'GET /dated')
    assert.equal(status, 200)
    assert.equal(headers.get('deprecation'), `@${Date.parse(deprecation.since) / 1_000}`)
    assert.equal(headers.get('sunset'), new Date(deprecation.sunset).toUTCString())
    assert.equal(headers.get('link'), '<https://shop.example/docs/orders>; rel="deprecation"')
    assert.equal((await send(gate, 'GET /undated')).headers.has('deprecation'), false)
  })

  it('is a mistake where the contract does not call it deprecated, or its end comes before', async () => {
    const wrong = (own: object): object => ({ '/a': { get: { ...operation, ...own } } })
    await assert.rejects(
      start(wrong({ deprecated: false, 'x-gateward': { deprecation } })),
      /add deprecated: true to the operation/,
    )
    const sunset = at(-2)
    await assert.rejects(start(wrong({ 'x-gateward': { deprecation: { since: at(-1), sunset } } })), /sunset/)
  })
})

describe('a version over HTTP/2', () => {
  it('is read from the same places, and ends in the same way', async () => {
    shift = 0
    const plan = {
      reason: 'nobody maintains it',
      successor: 'v2',
      stages: { deprecated: at(-2), retired: at(-1) },
    }
    await using gate = await startGate({
      contract,
      api: { versions: { in: everyPlace, default: 'v2', offered: { v1: { plan }, v2: {} } } },
      settings: {
        listen: { https: { host: '127.0.0.1', port: 0 }, http: { host: '127.0.0.1', port: 0 } },
      },
      service: (_, answer) => answer.end(),
    })
    const session = connect(gate.gateway.addresses.https ?? '', { rejectUnauthorized: false })
    using _ = { [Symbol.dispose]: () => session.destroy() }
    const ask = async (fields: OutgoingHttpHeaders): Promise<[status: unknown, link: unknown]> => {
      const stream = session.request({ ':path': '/orders', 'x-api-key': gate.key, ...fields })
      const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
      stream.resume()
      return [headers[':status'], headers['link']]
    }
    const gone = [410, '</v2>; rel="successor-version"']
    assert.deepEqual(await ask({}), [200, undefined])
    assert.deepEqual(await ask({ ':path': '/v1/orders' }), gone)
    assert.deepEqual(await ask({ 'x-api-version': 'v1' }), gone)
    assert.deepEqual(await ask({ accept: 'a/b; version="v1"' }), gone)
    assert.deepEqual(await ask({ ':path': '/orders?api-version=v1' }), gone)
    for (const fields of [
      { 'x-api-version': ['v1', 'v1'] },
      { ':path': '/v2/orders', 'x-api-version': 'v1' },
    ])
      assert.deepEqual(await ask(fields), [400, undefined])
    assert.equal((await ask({ ':path': '/V1/orders' }))[0], 404)
  })
})

describe('an exception', () => {
  const day = 86_400_000
  const exceptions = [
    {
      consumer: 'mallory',
      reason: 'their release is in a week',
      owner: 'platform team',
      expires: new Date(start).toISOString().slice(0, 10),
    },
  ]
  const plan = {
    reason: 'nobody maintains it',
    successor: 'v2',
    stages: { deprecated: at(-2), retired: at(-1) },
  }
  const versions = {
    in: ['path'],
    default: 'none',
    offered: { v1: { plan: { ...plan, exceptions } }, v2: {} },
  }

  it('lets one consumer go on until it ends, and nobody else', async () => {
    shift = 0
    await using gate = await open({ versions })
    const other = await gate.gateway.apiKeys.create({ consumer: 'eve', label: 'other', life: 3 * day })
    const late = await gate.gateway.apiKeys.create({ consumer: 'mallory', label: 'late', life: 3 * day })
    const ask = (key: string, line = 'GET /v1/orders') => send(gate, line, `x-api-key: ${key}`)
    assert.equal((await ask(gate.key)).status, 200)
    assert.equal((await ask(other.key.reveal())).code, 'VERSION_RETIRED')
    assert.equal((await ask('gw_test_unknown')).status, 401)
    assert.equal((await send(gate, 'GET /v1/orders')).status, 401)
    assert.equal((await send(gate, 'GET /v1/open')).code, 'VERSION_RETIRED')
    const record = await gate.record((await ask(gate.key)).headers.get('x-request-id') ?? '')
    assert.ok(record.guards.some(({ note = '' }) => /exception of platform team for mallory/.test(note)))
    shift = Math.floor(start / day) * day + day - Date.now()
    assert.equal((await ask(late.key.reveal())).code, 'VERSION_RETIRED')
    assert.equal((await send(gate, 'GET /v1/orders')).code, 'VERSION_RETIRED')
  })
})

describe('a guard that only looks on', () => {
  it('lets a retired version be served, and changes nothing of its answers', async () => {
    shift = 0
    const plan = {
      reason: 'nobody maintains it',
      successor: 'v2',
      stages: { deprecated: at(-2), retired: at(-1) },
    }
    const versions = { in: ['path'], default: 'none', offered: { v1: { plan }, v2: {} } }
    await using gate = await open({ versions, guards: { version: { mode: 'shadow' } } })
    const answer = await send(gate, 'GET /v1/orders', `x-api-key: ${gate.key}`)
    assert.deepEqual([answer.status, answer.headers.get('deprecation')], [200, 'true'])
    const record = await gate.record(answer.headers.get('x-request-id') ?? '')
    assert.equal(record.guards.find(({ guard }) => guard === 'version')?.verdict, 'refuse')
  })
})
