import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { collect, exchangeBytes, openTestListener, statusesOf } from './testing.ts'

const request = 'GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n'
const introduction = 'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'
const behindProxy = { trust: { proxies: ['127.0.0.1'], proxyProtocol: true } }

test('the client is the one that the PROXY protocol names, however its bytes arrive', async () => {
  await using listener = await openTestListener(behindProxy)
  const at_once = await exchangeBytes(listener.port, introduction + request)
  assert.deepEqual(statusesOf(at_once.text), [200])
  const socket = connect(listener.port, '127.0.0.1').setNoDelay(true)
  const answered = collect(socket, 3_000)
  for (const byte of introduction + request) {
    socket.write(byte)
    await new Promise(setImmediate)
  }
  assert.deepEqual(statusesOf((await answered).text), [200])
  for (const { client } of listener.openings)
    assert.deepEqual(client, { text: '203.0.113.9', key: '203.0.113.9', peer: '127.0.0.1', forwarded: true })
})

test('a connection without the header, with a broken one, or from somebody else is dropped', async () => {
  await using listener = await openTestListener({
    ...behindProxy,
    wire: { timeouts: { handshake: '100ms' } },
  })
  for (const bytes of [request, `PROXY TCP4 nobody\r\n${request}`, 'PROXY TCP4 203.0.113.9']) {
    assert.deepEqual(await exchangeBytes(listener.port, bytes), { text: '', closed: true })
  }
  await using stranger = await openTestListener({ trust: { proxies: ['192.0.2.1'], proxyProtocol: true } })
  assert.deepEqual(await exchangeBytes(stranger.port, introduction + request), { text: '', closed: true })
  const reasons = [...listener.refusals, ...stranger.refusals].map((refusal) => refusal.reason)
  assert.deepEqual(
    reasons,
    Array.from({ length: 4 }, () => 'proxy-protocol'),
  )
})

test('a proxy that says its client came unencrypted is refused with TLS_REQUIRED', async () => {
  await using listener = await openTestListener(behindProxy)
  const version2 = (flags: number) =>
    Buffer.concat([
      Buffer.from('0d0a0d0a000d0a515549540a2111', 'hex'),
      Buffer.from([0, 20, 203, 0, 113, 9, 10, 0, 0, 1, 0x10, 0, 1, 0xbb, 0x20, 0, 5, flags, 0, 0, 0, 0]),
      Buffer.from(request),
    ])
  assert.deepEqual(statusesOf((await exchangeBytes(listener.port, version2(0))).text), [403])
  assert.deepEqual(statusesOf((await exchangeBytes(listener.port, version2(1))).text), [200])
  assert.equal(listener.openings[0]?.defect?.code, 'TLS_REQUIRED')
  assert.equal(listener.openings[1]?.request.secure, true)
})
