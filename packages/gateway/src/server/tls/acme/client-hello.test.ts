import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { readClientHello } from './client-hello.ts'

async function firstFlight(protocols: string[]): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'api.example',
    ALPNProtocols: protocols,
  })
  client.on('error', () => {})
  const [socket] = (await once(server, 'connection')) as [import('node:net').Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

test('the protocols that a client offers are read, in its order', async () => {
  for (const protocols of [['acme-tls/1'], ['h2', 'http/1.1']])
    assert.deepEqual(readClientHello(await firstFlight(protocols)), { kind: 'hello', protocols })
})

test('every beginning of a first flight is incomplete', async () => {
  const bytes = await firstFlight(['acme-tls/1'])
  for (let length = 0; length < bytes.length; length++)
    assert.equal(readClientHello(bytes.subarray(0, length)).kind, 'incomplete', `${length} bytes`)
})

test('what is no ClientHello is other, and nothing whatever makes it throw', async () => {
  assert.equal(readClientHello(Buffer.from('GET / HTTP/1.1\r\n')).kind, 'other')
  assert.equal(readClientHello(Buffer.from([22, 3, 1, 0xff, 0xff, 1])).kind, 'other')
  const flight = await firstFlight(['h2'])
  fc.assert(
    fc.property(fc.nat(flight.length - 1), fc.nat(255), (place, value) => {
      const bytes = Buffer.from(flight)
      bytes[place] = value
      readClientHello(bytes)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readClientHello(Buffer.from(bytes))),
  )
})
