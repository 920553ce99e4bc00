import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { maximumProxyHeader, readProxyHeader } from './proxy-protocol.ts'

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

function binary(
  commandAndFamily: readonly [number, number],
  payload: Buffer,
  declared = payload.length,
): Buffer {
  const prefix = Buffer.from([...signature, ...commandAndFamily, declared >> 8, declared & 0xff])
  return Buffer.concat([prefix, payload])
}

const ipv4 = Buffer.from([203, 0, 113, 9, 10, 0, 0, 1, 0x10, 0x00, 0x01, 0xbb])
const ipv6 = Buffer.from(`20010db8${'00'.repeat(11)}09${'00'.repeat(15)}01100001bb`, 'hex')

test('version 1 names the client and how long the line was', () => {
  const line = 'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'
  assert.deepEqual(readProxyHeader(Buffer.from(`${line}GET / HTTP/1.1\r\n`)), {
    kind: 'header',
    length: line.length,
    source: '203.0.113.9',
    secure: undefined,
  })
  const six = readProxyHeader(Buffer.from('PROXY TCP6 2001:db8::9 ::1 4711 443\r\n'))
  assert.ok(six.kind === 'header' && six.source === '2001:db8::9')
})

test('UNKNOWN and LOCAL name nobody', () => {
  for (const bytes of [
    Buffer.from('PROXY UNKNOWN\r\n'),
    Buffer.from('PROXY UNKNOWN ::1 ::1 1 1\r\n'),
    binary([0x20, 0], Buffer.alloc(0)),
  ]) {
    const reading = readProxyHeader(bytes)
    assert.ok(reading.kind === 'header')
    assert.equal(reading.source, undefined)
    assert.equal(reading.length, bytes.length)
  }
})

test('version 2 names the client, and whether it came over TLS', () => {
  const plain = readProxyHeader(binary([0x21, 0x11], ipv4))
  assert.deepEqual(plain, { kind: 'header', length: 28, source: '203.0.113.9', secure: undefined })
  const ssl = Buffer.from([0x20, 0, 5, 0x01, 0, 0, 0, 0])
  const secure = readProxyHeader(binary([0x21, 0x21], Buffer.concat([ipv6, Buffer.from([4, 0, 1, 0]), ssl])))
  assert.ok(secure.kind === 'header')
  assert.equal(secure.source, '2001:db8:0:0:0:0:0:9')
  assert.equal(secure.secure, true)
})

test('a header that is not whole asks for more, byte by byte, and never more than its bound', () => {
  for (const bytes of [
    Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'),
    binary([0x21, 0x11], ipv4),
  ]) {
    for (let length = 0; length < bytes.length; length++)
      assert.equal(readProxyHeader(bytes.subarray(0, length)).kind, 'more', `${length}`)
    assert.equal(readProxyHeader(bytes).kind, 'header')
  }
})

const wrong: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a request without a header', Buffer.from('GET / HTTP/1.1\r\n')],
  ['a TLS hello without a header', Buffer.from([0x16, 0x03, 0x01])],
  ['a line that never ends', Buffer.from(`PROXY TCP4 ${'1'.repeat(100)}`)],
  ['a name instead of an address', Buffer.from('PROXY TCP4 localhost 10.0.0.1 1 1\r\n')],
  ['the wrong family', Buffer.from('PROXY TCP4 ::1 ::1 1 1\r\n')],
  ['a port out of range', Buffer.from('PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n')],
  ['a port with a leading zero', Buffer.from('PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n')],
  ['more than the line has', Buffer.from('PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n')],
  ['an unknown version', binary([0x31, 0x11], ipv4)],
  ['an unknown command', binary([0x22, 0x11], ipv4)],
  ['an unknown family', binary([0x21, 0x41], ipv4)],
  ['a header shorter than its addresses', binary([0x21, 0x21], ipv4)],
  ['a header beyond the bound', binary([0x21, 0x11], ipv4, maximumProxyHeader)],
]

for (const [name, bytes] of wrong) {
  test(`refuses ${name}`, () => {
    assert.equal(readProxyHeader(bytes).kind, 'invalid')
  })
}

test('never throws, whatever the bytes', () => {
  const prefix = fc.constantFrom(
    Buffer.alloc(0),
    signature,
    Buffer.concat([signature, Buffer.from([0x21, 0x11])]),
    Buffer.from('PROXY '),
  )
  fc.assert(
    fc.property(prefix, fc.uint8Array({ maxLength: 300 }), (beginning, rest) => {
      const bytes = Buffer.concat([beginning, rest])
      const reading = readProxyHeader(bytes)
      if (reading.kind === 'header') assert.ok(reading.length <= bytes.length)
    }),
    { numRuns: 2_000 },
  )
})
