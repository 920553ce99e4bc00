import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { runCommand } from './run-command.ts'
import { startDemo, type RunningDemo } from './start-demo.ts'

let demo: RunningDemo
before(async () => {
  demo = await startDemo()
})
after(async () => {
  await demo[Symbol.asyncDispose]()
})

const json = { 'content-type': 'application/json' }

test('`--json` prints one line and nothing else on standard output', () => {
  assert.equal(demo.output().trimEnd().split('\n').length, 1)
})

test('without a credential the answer is 401, and it says how to do better', async () => {
  const { status, headers, body } = await demo.json('/v1/orders')
  assert.equal(status, 401)
  assert.ok(headers['www-authenticate'])
  assert.match(String(headers['content-type']), /application\/problem\+json/)
  const problem = body as Record<string, unknown>
  assert.equal(problem['code'], 'UNAUTHENTICATED')
  assert.equal(problem['requestId'], headers['x-request-id'])
})

test('with a key the answer has only the fields the contract declares, and no banner', async () => {
  const { status, headers, body } = await demo.json('/v1/orders', {
    headers: { 'x-api-key': demo.ready.keys.pro },
  })
  assert.equal(status, 200)
  const text = JSON.stringify(body)
  for (const undeclared of ['costPrice', 'internalNote', '_rev', 'debug', 'shard'])
    assert.ok(!text.includes(undeclared), undeclared)
  assert.ok(text.includes('Desk lamp'))
  assert.equal(headers['x-powered-by'], undefined)
  assert.equal(headers['server'], undefined)
  assert.ok(headers['strict-transport-security'])
  assert.equal(headers['x-content-type-options'], 'nosniff')
})

test('a signed token opens what its scopes allow, and nothing else', async () => {
  const authorization = `Bearer ${demo.ready.token}`
  assert.equal((await demo.json('/v1/orders', { headers: { authorization } })).status, 200)
  const refused = await demo.json('/v1/orders/ord_0000000001', {
    method: 'DELETE',
    headers: { authorization },
  })
  assert.equal(refused.status, 403)
  assert.match(String(refused.headers['www-authenticate']), /insufficient_scope/)
  const tampered = await demo.json('/v1/orders', {
    headers: { authorization: `${authorization.slice(0, -6)}AAAAAA` },
  })
  assert.equal(tampered.status, 401)
})

test('an e-mail address is stored encrypted, found by its index, shown by scope, and in no log', async () => {
  const placed = await demo.json('/v1/orders', {
    method: 'POST',
    headers: { ...json, 'x-api-key': demo.ready.keys.pro },
    body: '{"item":"Tea","quantity":1,"email":"grace.hopper@example.com"}',
  })
  assert.equal(placed.status, 201)
  assert.equal((placed.body as Record<string, unknown>)['email'], 'g***@e***.com')
  const authorization = `Bearer ${demo.ready.token}`
  const found = await demo.json('/v1/orders?email=Grace.Hopper%40example.com', { headers: { authorization } })
  const { orders } = found.body as { orders: readonly Record<string, unknown>[] }
  assert.deepEqual(
    orders.map(({ item, email, emailIndex }) => ({ item, email, emailIndex })),
    [{ item: 'Tea', email: 'grace.hopper@example.com', emailIndex: undefined }],
  )
  const nobody = await demo.json('/v1/orders?email=nobody%40example.com', { headers: { authorization } })
  assert.deepEqual(nobody.body, { orders: [] })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  for (const file of readdirSync(demo.data, { recursive: true, withFileTypes: true }))
    if (file.isFile()) {
      const text = readFileSync(join(file.parentPath, file.name), 'latin1')
      assert.ok(!/grace.hopper/i.test(text), file.name)
    }
})

test('an invalid body is refused with VALIDATION_ERROR and in the shape of the article', async () => {
  const { status, body } = await demo.json('/v1/orders', {
    method: 'POST',
    headers: { ...json, 'x-api-key': demo.ready.keys.pro },
    body: '{"item":"<script>","quantity":1}',
  })
  const problem = body as Record<string, unknown>
  assert.equal(status, 422)
  assert.equal(problem['error'], 'Invalid request')
  assert.equal(problem['code'], 'VALIDATION_ERROR')
  assert.ok(!JSON.stringify(body).includes('script'))
})

test('unknown properties, duplicate keys and a foreign content type are refused', async () => {
  const send = (body: string, type = 'application/json') =>
    demo.json('/v1/orders', {
      method: 'POST',
      headers: { 'content-type': type, 'x-api-key': demo.ready.keys.pro },
      body,
    })
  assert.equal((await send('{"item":"Lamp","quantity":1,"status":"paid"}')).status, 422)
  assert.equal((await send('{"item":"Lamp","quantity":1,"quantity":2}')).status, 400)
  assert.equal((await send('{"item":"Lamp","quantity":1,"__proto__":{"x":1}}')).status, 400)
  assert.equal((await send('{"item":"Lamp","quantity":1}', 'text/plain')).status, 415)
  assert.equal((await send('{"item":"Lamp","quantity":1}')).status, 201)
})

test('an error of the service is told generically, and its detail stays in the log under the request id', async () => {
  const { status, headers, body } = await demo.json('/v1/orders/ord_0000000500', {
    headers: { 'x-api-key': demo.ready.keys.pro },
  })
  assert.equal(status, 500)
  const text = JSON.stringify(body)
  for (const leak of ['rows', 'SELECT', 'orders-service', 'at '])
    assert.ok(!text.includes(leak), `${leak} in ${text}`)
  const id = String(headers['x-request-id'])
  const story = await waitForRecord(id)
  assert.match(story, /Cannot read properties of undefined/)
})

test('a service that breaks off is a 502', async () => {
  const { status, body } = await demo.json('/v1/orders/ord_0000000502', {
    headers: { 'x-api-key': demo.ready.keys.pro },
  })
  assert.equal(status, 502)
  assert.equal((body as Record<string, unknown>)['code'], 'UPSTREAM_ERROR')
})

test('what belongs to somebody else cannot be told from what is not there', async () => {
  const authorization = `Bearer ${demo.ready.token}`
  const own = await demo.json('/v1/customers/ada@example.com', { headers: { authorization } })
  assert.equal(own.status, 200)
  assert.deepEqual(Object.keys(own.body as object).sort(), ['email', 'id', 'name'])
  const foreign = await demo.json('/v1/customers/bob@example.com', { headers: { authorization } })
  assert.equal(foreign.status, 404)
})

test('a path that can be read in two ways never reaches the service', async () => {
  for (const path of [
    '/v1/orders/..%2fhealth',
    '/v1//health',
    '/v1/orders/%2e%2e/health',
    '/v1/health%00',
    '/v1/health;x=1',
  ]) {
    assert.equal(await demo.rawStatus(path), 400, path)
  }
})

test('an unknown path is 404 and a wrong method 405 with Allow, in the one form', async () => {
  const missing = await demo.json('/v1/nothing')
  assert.equal(missing.status, 404)
  assert.equal((missing.body as Record<string, unknown>)['code'], 'NOT_FOUND')
  const wrong = await demo.json('/v1/health', { method: 'PUT', headers: json, body: '{}' })
  assert.equal(wrong.status, 405)
  assert.match(String(wrong.headers['allow']), /GET/)
})

test('server-sent events pass unbuffered', async () => {
  const { statusCode, body } = await demo.send('/v1/events', {
    headers: { 'x-api-key': demo.ready.keys.pro },
  })
  assert.equal(statusCode, 200)
  const first = (await body[Symbol.asyncIterator]().next()) as IteratorResult<Buffer>
  assert.match(String(first.value), /event: ready/)
  body.destroy()
})

test('a burst over the tier is refused with 429 and all three header families', async () => {
  const shots = await Promise.all(
    Array.from({ length: 90 }, () =>
      demo.json('/v1/orders', { headers: { 'x-api-key': demo.ready.keys.free } }),
    ),
  )
  const passed = shots.filter(({ status }) => status === 200)
  const limited = shots.filter(({ status }) => status === 429)
  assert.ok(passed.length > 0 && passed.length <= 60, `${passed.length} passed`)
  assert.equal(passed.length + limited.length, 90)
  for (const { headers } of [passed[0], limited[0]].filter((shot) => shot !== undefined)) {
    for (const name of [
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'ratelimit',
      'ratelimit-policy',
    ]) {
      assert.ok(headers[name] !== undefined, name)
    }
  }
  assert.ok(Number(limited[0]?.headers['retry-after']) >= 1)
})

test('TLS 1.1 is refused, 1.2 and 1.3 are spoken', async () => {
  const port = Number(new URL(demo.ready.gateway).port)
  const attempt = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise<string>((resolve) => {
      const socket = connect(
        {
          port,
          host: '127.0.0.1',
          ca: demo.ca,
          servername: 'localhost',
          minVersion: version,
          maxVersion: version,
          ciphers: 'DEFAULT@SECLEVEL=0',
        },
        () => {
          resolve(socket.getProtocol() ?? 'none')
          socket.destroy()
        },
      )
      socket.on('error', () => resolve('refused'))
    })
  assert.equal(await attempt('TLSv1.1'), 'refused')
  assert.equal(await attempt('TLSv1.2'), 'TLSv1.2')
  assert.equal(await attempt('TLSv1.3'), 'TLSv1.3')
})

test('`explain` tells the whole decision, also as JSON, and `explain` of nothing ends with 1', async () => {
  const { headers } = await demo.json('/v1/orders', {
    method: 'POST',
    headers: { ...json, 'x-api-key': demo.ready.keys.pro },
    body: '{"item":"<script>","quantity":1}',
  })
  const id = String(headers['x-request-id'])
  const story = await waitForRecord(id)
  assert.match(story, /POST \/v1\/orders {2}→ {2}422 VALIDATION_ERROR/)
  assert.match(story, /demo\.openapi\.yaml:\d+/)
  const asJson = await runCommand('explain', id, '--json', '--data', demo.data)
  assert.equal((JSON.parse(asJson.out) as { id: string }).id, id)
  assert.equal((await runCommand('explain', 'NOSUCHREQUESTID', '--data', demo.data)).code, 1)
})

test('no key and no token stands in anything that was written', async () => {
  await waitForRecord(
    String(
      (await demo.json('/v1/orders', { headers: { 'x-api-key': demo.ready.keys.pro } })).headers[
        'x-request-id'
      ],
    ),
  )
  const log = readFileSync(join(demo.data, 'demo', 'gateward.log'), 'utf8')
  for (const secret of [demo.ready.keys.free, demo.ready.keys.pro, demo.ready.token.slice(0, 60)])
    assert.ok(!log.includes(secret))
})

async function waitForRecord(id: string): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { code, out } = await runCommand('explain', id, '--data', demo.data)
    if (code === 0) return out
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no record of ${id}`)
}
