import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { openTestListener, type TestListener } from './testing.ts'
import { openTestCertificates, type TestCertificates } from './tls/testing.ts'

let certificates: TestCertificates
before(async () => {
  certificates = await openTestCertificates()
})
after(() => certificates[Symbol.asyncDispose]())

/** HTTP/2 frames by hand, for what a client library refuses to send. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header block of literals without indexing (RFC 7541 section 6.2.2), each text shorter than 127 bytes. */
function block(...fields: (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name, 'latin1'),
      Buffer.from([value.length]),
      Buffer.from(value, 'latin1'),
    ]),
  )
}

const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(4, 0, 0, Buffer.alloc(0)),
])
const pseudo = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':authority', 'localhost'],
  [':path', '/'],
] as const

async function sendFrames(listener: TestListener, ...frames: Buffer[]): Promise<boolean> {
  const socket = connect({
    port: listener.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: certificates.authority,
    ALPNProtocols: ['h2'],
  })
  socket.on('error', () => {})
  const { promise, resolve } = Promise.withResolvers<boolean>()
  // The server's answer to a PING that comes after everything else shows that it has read everything else.
  const ping = frame(6, 0, 0, Buffer.from('gateward'))
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    if (received.includes(Buffer.from('gateward'))) socket.destroy()
  })
  socket.on('close', () => resolve(received.includes(Buffer.from('gateward'))))
  socket.write(Buffer.concat([preface, ...frames, ping]))
  return promise
}

const malformed: readonly (readonly [name: string, fields: readonly (readonly [string, string])[]])[] = [
  ['CR LF in a value', [...pseudo, ['x', 'a\r\ntransfer-encoding: chunked']]],
  ['CR LF in a name', [...pseudo, ['x: a\r\nb', 'c']]],
  ['LF in the path', [...pseudo.slice(0, 3), [':path', '/ HTTP/1.1\nHost: evil']]],
  ['NUL in a value', [...pseudo, ['x', 'a\0b']]],
  ['a colon in a name', [...pseudo, ['x:y', 'a']]],
  ['an upper-case name', [...pseudo, ['X-A', 'a']]],
  ['an empty name', [...pseudo, ['', 'a']]],
  ['a space in a name', [...pseudo, ['x y', 'a']]],
  ['Transfer-Encoding', [...pseudo, ['transfer-encoding', 'chunked']]],
  ['Connection', [...pseudo, ['connection', 'close']]],
  ['Upgrade', [...pseudo, ['upgrade', 'websocket']]],
  ['two lengths', [...pseudo, ['content-length', '1'], ['content-length', '2']]],
  ['a signed length', [...pseudo, ['content-length', '+1']]],
  ['a pseudo-header after a field', [...pseudo.slice(0, 3), ['x', 'a'], [':path', '/']]],
  ['a pseudo-header twice', [...pseudo, [':path', '/admin']]],
  ['an unknown pseudo-header', [...pseudo, [':admin', 'yes']]],
  ['a method with a space', [[':method', 'GET /admin HTTP/1.1'], ...pseudo.slice(1)]],
  ['no path', pseudo.slice(0, 3)],
  ['an empty path', [...pseudo.slice(0, 3), [':path', '']]],
  ['te other than trailers', [...pseudo, ['te', 'chunked']]],
]

test('what would be another request in HTTP/1.1 is no request in HTTP/2', async () => {
  for (const [name, fields] of malformed) {
    await using secure = await openTestListener({
      tls: { profile: 'intermediate', certificates: certificates.source },
    })
    await sendFrames(secure, frame(1, 5, 1, block(...fields)))
    // nghttp2 ends the stream, or takes the one field out that it cannot accept: it reaches nobody.
    assert.ok(
      secure.openings.every((opening) => opening.request.headers.flat[0] === 'host'),
      name,
    )
  }
})

test('a body shorter or longer than its content-length is no body', async () => {
  for (const body of ['hell', 'hello!']) {
    await using secure = await openTestListener({
      tls: { profile: 'intermediate', certificates: certificates.source },
    })
    const head = frame(1, 4, 1, block(...pseudo, ['content-length', '5']))
    await sendFrames(secure, head, frame(0, 1, 1, Buffer.from(body)))
    assert.deepEqual(secure.bodies, [])
  }
})

test('floods of frames that do nothing end the connection', async () => {
  const floods: Readonly<Record<string, Buffer>> = {
    continuation: Buffer.concat([
      frame(1, 0, 1, block(...pseudo)),
      ...Array.from({ length: 5_000 }, () => frame(9, 0, 1, block(['x', 'y'.repeat(100)]))),
    ]),
    settings: Buffer.concat(Array.from({ length: 20_000 }, () => frame(4, 0, 0, Buffer.alloc(0)))),
    largeSettings: frame(4, 0, 0, Buffer.alloc(6 * 100)),
    emptyData: Buffer.concat([
      frame(1, 4, 1, block(...pseudo)),
      ...Array.from({ length: 20_000 }, () => frame(0, 0, 1, Buffer.alloc(0))),
    ]),
  }
  for (const [name, frames] of Object.entries(floods)) {
    await using secure = await openTestListener({
      tls: { profile: 'intermediate', certificates: certificates.source },
    })
    assert.equal(await sendFrames(secure, frames), false, name)
  }
})
