import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { trustSettings } from './client-address-settings.ts'
import { createClientAddressReader, toKey } from './client-address.ts'
import { parseForwarded } from './forwarded-field.ts'
import { HeaderList } from './header-list.ts'

const behindProxies = { proxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'] }

function clientOf(peer: string, headers: readonly string[], settings: object = behindProxies) {
  const reader = createClientAddressReader(trustSettings.parse(settings))
  return reader.readClient(reader.readPeer(peer), new HeaderList([...headers]))
}

const forwardedFor: readonly (readonly [name: string, peer: string, field: string, text: string])[] = [
  ['takes the only hop', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['takes the rightmost untrusted hop', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.2.3.4', '203.0.113.9'],
  ['ignores what an untrusted peer says', '203.0.113.1', '1.1.1.1', '203.0.113.1'],
  ['takes the outermost hop where all are trusted', '10.0.0.1', '10.9.9.9, 10.8.8.8', '10.9.9.9'],
  ['stops before a hop that is no address', '10.0.0.1', '1.1.1.1, unknown, 10.2.3.4', '10.2.3.4'],
  ['keeps to the peer where the last hop is broken', '10.0.0.1', '1.1.1.1, <script>', '10.0.0.1'],
  ['keeps to the peer where the field is empty', '10.0.0.1', '', '10.0.0.1'],
  ['takes ports and brackets off', '10.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
  ['takes a port off IPv4', '10.0.0.1', '203.0.113.9:1234', '203.0.113.9'],
  ['writes a mapped address as IPv4', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['trusts a mapped peer as its IPv4', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['does not read octal or short IPv4', '10.0.0.1', '0177.0.0.1', '10.0.0.1'],
  ['does not read a number as IPv4', '10.0.0.1', '2130706433', '10.0.0.1'],
  ['shortens IPv6', 'fd00::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
]

for (const [name, peer, field, text] of forwardedFor) {
  test(`X-Forwarded-For: ${name}`, () => {
    assert.equal(clientOf(peer, ['x-forwarded-for', field]).text, text)
  })
}

test('several X-Forwarded-For lines are one list', () => {
  assert.equal(
    clientOf('10.0.0.1', ['x-forwarded-for', '1.1.1.1', 'x-forwarded-for', '203.0.113.9']).text,
    '203.0.113.9',
  )
})

test('nobody is trusted by default', () => {
  const client = clientOf('127.0.0.1', ['x-forwarded-for', '203.0.113.9'], {})
  assert.deepEqual(client, { text: '127.0.0.1', key: '127.0.0.1', peer: '127.0.0.1', forwarded: false })
})

test('Forwarded is read where it is the declared header, and X-Forwarded-For is then not', () => {
  const settings = { ...behindProxies, header: 'forwarded' }
  const field = 'for=1.1.1.1, for="[2001:db8:1:2:3::9]:4711";proto=https;by=_gw, For=10.1.1.1'
  const client = clientOf('10.0.0.1', ['forwarded', field, 'x-forwarded-for', '9.9.9.9'], settings)
  assert.deepEqual(client, {
    text: '2001:db8:1:2:3::9',
    key: '2001:db8:1:2::/64',
    peer: '10.0.0.1',
    forwarded: true,
  })
})

test('an obfuscated identifier ends the walk', () => {
  const settings = { ...behindProxies, header: 'forwarded' }
  assert.equal(
    clientOf('10.0.0.1', ['forwarded', 'for=1.1.1.1, for=_secret, for=10.5.5.5'], settings).text,
    '10.5.5.5',
  )
})

test('Forwarded is parsed with quotes, escapes and white space, and refused whole where it is malformed', () => {
  assert.deepEqual(parseForwarded('for="\\[::1\\]" ; proto=HTTPS , host=a'), [
    { for: '[::1]', proto: 'https' },
    { for: undefined, proto: undefined },
  ])
  for (const field of [
    '',
    ',',
    'for',
    'for=',
    'for="x',
    'for=a;for=b',
    'for=a b',
    '=a',
    'for=a,,for=b',
    'for=a;',
  ])
    assert.equal(parseForwarded(field), undefined, field)
  assert.equal(parseForwarded('for=a,'.repeat(101).slice(0, -1)), undefined)
})

test('a hostile Forwarded field of 16 KB is read in linear time and never throws', () => {
  for (const field of [
    'for="'.repeat(3_000),
    `for="${'\\'.repeat(16_000)}`,
    '=;,'.repeat(5_000),
    'a='.repeat(8_000),
  ])
    assert.equal(parseForwarded(field), undefined)
})

test('the scheme is believed from a trusted proxy alone, and its last word counts', () => {
  const reader = createClientAddressReader(trustSettings.parse(behindProxies))
  const schemeOf = (peer: string, field: string) =>
    reader.readForwardedScheme(reader.readPeer(peer), new HeaderList(['x-forwarded-proto', field]))
  assert.equal(schemeOf('10.0.0.1', 'https, http'), 'http')
  assert.equal(schemeOf('10.0.0.1', ' HTTPS '), 'https')
  assert.equal(schemeOf('10.0.0.1', 'gopher'), undefined)
  assert.equal(schemeOf('203.0.113.1', 'https'), undefined)
})

test('limits count IPv6 by its network', () => {
  assert.equal(toKey('2001:db8:1:2:3:4:5:6', 64), '2001:db8:1:2::/64')
  assert.equal(toKey('2001:db8:1:2ff:3:4:5:6', 56), '2001:db8:1:200::/56')
  assert.equal(toKey('2001:db8::6', 128), '2001:db8::6/128')
  assert.equal(toKey('203.0.113.9', 64), '203.0.113.9')
})

test('a peer behind the PROXY protocol keeps the address of the connection', () => {
  const reader = createClientAddressReader(trustSettings.parse(behindProxies))
  const { client } = reader.readPeer('203.0.113.9', '10.0.0.1')
  assert.deepEqual(client, { text: '203.0.113.9', key: '203.0.113.9', peer: '10.0.0.1', forwarded: true })
})

test('whatever a trusted proxy sends, the client is an address', () => {
  const reader = createClientAddressReader(trustSettings.parse(behindProxies))
  const peer = reader.readPeer('10.0.0.1')
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.array(fc.ipV4()).map(String)), (field) => {
      assert.match(reader.readClient(peer, new HeaderList(['x-forwarded-for', field])).text, /^[0-9a-f.:]+$/)
    }),
  )
})

test('a setting that is no network is refused', () => {
  for (const proxy of ['10.0.0.0/33', 'proxy.example', '', '10.0.0', '0x0a.1', '::/129'])
    assert.equal(trustSettings.safeParse({ proxies: [proxy] }).success, false, proxy)
})
