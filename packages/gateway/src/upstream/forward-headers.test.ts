import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Exchange, type Opening } from '../exchange/exchange.ts'
import { HeaderList } from '../exchange/header-list.ts'
import { openTestExchange, type TestRequest } from '../exchange/testing.ts'
import { forwardHeaders, type ForwardOptions, type ForwardPolicy } from './forward-headers.ts'

type Overrides = Partial<Omit<ForwardOptions, 'policy'>> & Partial<ForwardPolicy>

function forwarded(exchange: Exchange, overrides: Overrides = {}): HeaderList {
  const {
    preserveHost = false,
    forwardCredentials = false,
    wholeAnswer = false,
    isRewritten = false,
    bodyLength,
  } = overrides
  return new HeaderList(
    forwardHeaders(exchange, {
      policy: { preserveHost, forwardCredentials },
      wholeAnswer,
      bodyLength,
      isRewritten,
    }),
  )
}

function withHeaders(headers: Record<string, string>, request: TestRequest = {}): Exchange {
  return openTestExchange({ ...request, headers: { host: 'api.example', ...headers } })
}

/** The same request with other facts. */
function reopen(exchange: Exchange, facts: Partial<Opening>): Exchange {
  const { id, startedAt, startedTick, request, client, traceparent, defect } = exchange
  return new Exchange({ id, startedAt, startedTick, request, client, traceparent, defect, ...facts })
}

test('ordinary fields pass as they are', () => {
  const headers = {
    accept: 'text/html',
    'user-agent': 'x',
    'x-tenant': 't',
    my_field: '1',
    authorization: 'Bearer y',
  }
  const list = forwarded(withHeaders(headers))
  for (const [name, value] of Object.entries(headers)) assert.equal(list.get(name), value)
})

test('lines of one name stay apart and in order', () => {
  const exchange = withHeaders({})
  exchange.request.headers.append('accept', 'a')
  exchange.request.headers.append('accept', 'b')
  assert.equal(forwarded(exchange).getJoined('accept'), 'a, b')
})

test('a service is told its version by the gateway alone, once, whatever the client wrote or had taken off', () => {
  const exchange = withHeaders({ 'x-api-version': '2', connection: 'x-api-version' })
  exchange.request.headers.append('x-api-version', '3')
  exchange.versionField = ['x-api-version', '1']
  assert.equal(forwarded(exchange).getJoined('x-api-version'), '1')
})

const neverForwarded = [
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'proxy-anything',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'content-length',
  'x-consumer-id',
  'x-consumer-username',
  'X_Consumer_ID',
  'x_consumer-id',
  'x-authenticated-userid',
  'x-authenticated-scope',
  'x-credential-identifier',
  'x-gateward-anything',
  'x-user',
  'x-user-id',
  'x-userid',
  'x_user_id',
  'x-anonymous-consumer',
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-client-cert',
  'x-forwarded-prefix',
  'x-auth-request-user',
  'remote-user',
  'remote_user',
  'x-remote-user',
  'x-client-cert',
  'client-cert',
  'x-ssl-client-verify',
  'x-original-url',
  'x-rewrite-url',
  'x-original-uri',
  'x-http-method-override',
  'x_http_method_override',
  'x-method-override',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'proxy',
  'content_length',
  'content_type',
  'transfer_encoding',
  'x_forwarded_for',
  'x_api_key',
  'x_request_id',
  'accept_encoding',
]

for (const name of neverForwarded) {
  test(`a client's own ${name} does not reach the service`, () => {
    const list = forwarded(withHeaders({ [name.toLowerCase()]: 'mallory' }))
    assert.ok(!list.flat.includes('mallory'))
  })
}

test('what Connection names is left out, but never what the service decides by', () => {
  const list = forwarded(
    withHeaders({
      connection:
        'close, X-Hop, authorization, Cookie, content-type, x-forwarded-for, x-request-id, x-api-key',
      'x-hop': '1',
      authorization: 'Bearer y',
      cookie: 'a=1',
      'content-type': 'text/plain',
      'x-api-key': 'k',
    }),
  )
  assert.equal(list.has('x-hop'), false)
  assert.equal(list.get('authorization'), 'Bearer y')
  assert.equal(list.get('cookie'), 'a=1')
  assert.equal(list.get('content-type'), 'text/plain')
  assert.equal(list.get('x-api-key'), 'k')
  assert.equal(list.get('x-forwarded-for'), '192.0.2.1')
  assert.equal(list.count('x-request-id'), 1)
})

test('identity comes from the gateway alone', () => {
  const exchange = withHeaders({ 'x-consumer-id': 'mallory' })
  exchange.upstreamHeaders.push(['x-consumer-id', 'ada'])
  const list = forwarded(exchange)
  assert.equal(list.getJoined('x-consumer-id'), 'ada')
})

test('the way says what the gateway saw, whatever the client claims', () => {
  const list = forwarded(
    withHeaders({
      host: 'api.example:8443',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=6.6.6.6',
    }),
  )
  assert.equal(list.getJoined('x-forwarded-for'), '192.0.2.1')
  assert.equal(list.getJoined('x-forwarded-proto'), 'https')
  assert.equal(list.getJoined('x-forwarded-host'), 'api.example:8443')
  assert.equal(list.getJoined('x-forwarded-port'), '8443')
  assert.equal(list.getJoined('forwarded'), 'for=192.0.2.1;host="api.example:8443";proto=https')
})

test('behind a trusted proxy the way names the client and the proxy', () => {
  const plain = withHeaders({}, { secure: false })
  const exchange = reopen(plain, {
    client: { text: '2001:db8::1', key: '2001:db8::/64', peer: '10.0.0.9', forwarded: true },
  })
  const list = forwarded(exchange)
  assert.equal(list.get('x-forwarded-for'), '2001:db8::1, 10.0.0.9')
  assert.equal(list.get('x-forwarded-port'), '80')
  assert.equal(list.get('forwarded'), 'for="[2001:db8::1]";host="api.example";proto=http')
})

test('a host with quotes writes nothing into Forwarded', () => {
  const list = forwarded(withHeaders({ host: 'a";for="6.6.6.6' }))
  assert.equal(list.get('forwarded'), 'for=192.0.2.1;host="api.example";proto=https')
})

test('the host of an IPv6 address has no port of its own', () => {
  assert.equal(forwarded(withHeaders({ host: '[::1]' })).get('x-forwarded-port'), '443')
  assert.equal(forwarded(withHeaders({ host: '[::1]:81' })).get('x-forwarded-port'), '81')
})

test("the client's host is forwarded only where the settings say so", () => {
  assert.equal(forwarded(withHeaders({})).has('host'), false)
  assert.equal(forwarded(withHeaders({}), { preserveHost: true }).getJoined('host'), 'api.example')
})

test('API keys that were checked stay here, and tokens go on', () => {
  const headers = {
    'x-api-key': 'gw_live_1',
    authorization: 'Bearer y',
    cookie: 'theme=dark; key=gw_live_1; lang=en',
  }
  const exchange = withHeaders(headers)
  exchange.consumedHeaders.push('x-api-key')
  exchange.consumedCookies.push('key')
  const list = forwarded(exchange)
  assert.equal(list.has('x-api-key'), false)
  assert.equal(list.get('cookie'), 'theme=dark; lang=en')
  assert.equal(list.get('authorization'), 'Bearer y')
  const all = forwarded(exchange, { forwardCredentials: true })
  assert.equal(all.get('x-api-key'), 'gw_live_1')
  assert.equal(all.get('cookie'), headers.cookie)
})

test('a cookie field of nothing but the key is left out', () => {
  const exchange = withHeaders({ cookie: 'key=1; key=2' })
  exchange.consumedCookies.push('key')
  assert.equal(forwarded(exchange).has('cookie'), false)
})

test('an answer that will be read comes uncoded and whole', () => {
  const exchange = withHeaders({ 'accept-encoding': 'br', range: 'bytes=0-1', 'if-range': '"x"' })
  const whole = forwarded(exchange, { wholeAnswer: true })
  assert.equal(whole.getJoined('accept-encoding'), 'identity')
  assert.equal(whole.has('range'), false)
  const passed = forwarded(exchange)
  assert.equal(passed.get('accept-encoding'), 'br')
  assert.equal(passed.get('range'), 'bytes=0-1')
})

test('a body that streams keeps its length and coding; one held in memory has neither from the client', () => {
  const streamed = openTestExchange({
    hasBody: true,
    headers: { 'content-encoding': 'gzip', 'content-length': '9' },
  })
  const sized = reopen(streamed, { request: { ...streamed.request, contentLength: 9 } })
  assert.equal(forwarded(sized).getJoined('content-length'), '9')
  assert.equal(forwarded(sized).get('content-encoding'), 'gzip')
  assert.equal(forwarded(streamed).has('content-length'), false)
  const held = forwarded(sized, { bodyLength: 20 })
  assert.equal(held.has('content-length'), false)
  assert.equal(held.has('content-encoding'), false)
})

test('a trace goes on with its state, and one that begins here has none', () => {
  const mine = openTestExchange().traceparent
  assert.equal(forwarded(withHeaders({ traceparent: mine, tracestate: 'a=1' })).get('tracestate'), 'a=1')
  const other = mine.replace('0af7', 'ffff')
  const list = forwarded(withHeaders({ traceparent: other, tracestate: 'a=1' }))
  assert.equal(list.has('tracestate'), false)
  assert.equal(list.getJoined('traceparent'), mine)
})
