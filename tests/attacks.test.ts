import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const order = {
  description: 'An order',
  content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'string' } } } } },
}
const orderId = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const contract = {
  openapi: '3.1.0',
  info: { title: 'Attacked', version: '1' },
  components: {
    securitySchemes: {
      header: { type: 'apiKey', in: 'header', name: 'X-Shop-Key' },
      query: { type: 'apiKey', in: 'query', name: 'key' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
    },
  },
  paths: {
    '/open': { get: { security: [], responses: { 200: order } } },
    '/orders/{id}': {
      parameters: [orderId],
      get: { security: [{ header: [] }], responses: { 200: order } },
    },
    '/orders/{id}:purge': {
      parameters: [orderId],
      get: { security: [{ header: ['admin'] }], responses: { 200: order } },
    },
    '/letters/{id}': {
      parameters: [orderId],
      get: {
        security: [{ header: [] }],
        'x-gateward': { owner: { answer: '/id', equals: 'consumer' } },
        responses: { 200: order },
      },
    },
    '/picture': { get: { security: [], responses: { 200: order } } },
    '/broken': { get: { security: [], responses: { 200: order, 404: order } } },
    '/feed': { get: { security: [], responses: { 200: order } } },
    '/moved': { get: { security: [], responses: { 302: { description: 'Elsewhere' } } } },
  },
}

let gate: RunningGate
before(async () => {
  gate = await startGate({
    contract,
    service: ({ target, headers }, response) => {
      const { accept = 'application/json', host } = headers
      if (target === '/moved') response.writeHead(302, { location: `http://${host}/orders/1` }).end()
      else if (target === '/feed')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      else if (target === '/picture')
        response.writeHead(200, { 'content-type': 'image/png' }).write(Buffer.alloc(200_000))
      else if (target === '/broken')
        response
          .writeHead(404, { 'content-type': accept })
          .end(
            'TypeError: x\n    at get (/srv/orders/lib/store.js:1:2)\n    at next (/srv/orders/lib/x.js:3:4)',
          )
      else if (headers['if-none-match'] !== undefined) response.writeHead(304).end()
      else response.writeHead(200, { 'content-type': accept }).end('{"id":"1","secret":"s"}')
    },
  })
})
after(() => gate[Symbol.asyncDispose]())

function statusOf(answer: string): string {
  return answer.slice(9, 12)
}

test('a key never reaches the service, also where the operation asks for none or for another', async () => {
  const { key, served } = gate
  const carriers = [
    plainRequest('GET /open', `x-shop-key: ${key}`),
    plainRequest('GET /open', `x-api-key: ${key}`, `x-api-key: ${key}`),
    plainRequest('GET /open', `cookie: a=b; sid=${key}; c=d`),
    plainRequest(`GET /open?key=${key}`),
    plainRequest('GET /orders/1', `X-Shop-Key: ${key}`, `X-API-Key: ${key}`, `Cookie: sid=${key}`),
    plainRequest('HEAD /open', `x-shop-key: ${key}`),
  ]
  for (const carrier of carriers) {
    const before = served.length
    assert.equal(statusOf(await gate.exchange(carrier)), '200', carrier)
    assert.equal(served.length, before + 1)
    assert.ok(!JSON.stringify(served.at(-1)).includes(key), carrier)
  }
})

test('what only stands in the place of a key is left to the service', async () => {
  await gate.exchange(plainRequest('GET /open', 'x-api-key: its-own', 'cookie: sid=its-own'))
  assert.equal(gate.served.at(-1)?.headers['x-api-key'], 'its-own')
  assert.equal(gate.served.at(-1)?.headers.cookie, 'sid=its-own')
})

test('an escaped delimiter does not lead around the rights of another operation', async () => {
  const before = gate.served.length
  for (const path of ['/orders/7:purge', '/orders/7%3Apurge', '/orders/7%3apurge']) {
    const answer = await gate.exchange(plainRequest(`GET ${path}`, `x-shop-key: ${gate.key}`))
    assert.match(statusOf(answer), /^40[34]$/, path)
  }
  assert.equal(gate.served.length, before)
})

test('a client cannot choose a media type that is not stripped', async () => {
  for (const type of [
    'application/xml',
    'text/plain',
    'application/msgpack',
    'image/png',
    'text/event-stream',
  ]) {
    const answer = await gate.exchange(plainRequest('GET /open', `accept: ${type}`))
    assert.equal(statusOf(answer), '502', type)
    assert.ok(!answer.includes('secret'), type)
  }
})

test('a stack trace is kept back whatever media type an error calls itself', async () => {
  for (const type of ['application/json', 'application/octet-stream', 'application/msgpack', 'image/png']) {
    const answer = await gate.exchange(plainRequest('GET /broken', `accept: ${type}`))
    assert.match(statusOf(answer), /^(?:404|502)$/, type)
    assert.match(answer, /application\/problem\+json/)
    assert.ok(!answer.includes('store.js'), type)
  }
})

test('a condition does not tell whether an object of somebody else exists', async () => {
  const key = `x-shop-key: ${gate.key}`
  for (const field of ['if-none-match: *', 'if-none-match: "1"', 'accept: application/json'])
    assert.equal(statusOf(await gate.exchange(plainRequest('GET /letters/1', key, field))), '404', field)
  assert.equal(statusOf(await gate.exchange(plainRequest('GET /open', 'if-none-match: "1"'))), '304')
})

test('an endless answer that is refused by its head does not hold the connection to the service', async () => {
  for (const path of ['/feed', '/picture']) {
    assert.match(statusOf(await gate.exchange(plainRequest(`GET ${path}`))), /^50/)
    while (gate.serving() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
})

test('a redirect shows no address of the network inside', async () => {
  const answer = await gate.exchange(plainRequest('GET /moved'))
  assert.equal(statusOf(answer), '302')
  assert.match(answer, /\r\nlocation: \/orders\/1\r\n/i)
})
