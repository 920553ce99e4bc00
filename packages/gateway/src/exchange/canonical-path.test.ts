import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toCanonicalPath } from './canonical-path.ts'

const readings: readonly (readonly [target: string, path: string, query: string])[] = [
  ['/', '/', ''],
  ['/v1/orders', '/v1/orders', ''],
  ['/v1/orders/', '/v1/orders/', ''],
  ['/v1/orders?a=1&b=/../%2f', '/v1/orders', 'a=1&b=/../%2f'],
  ['/v1/orders?', '/v1/orders', ''],
  ['/v1/orders?a?b', '/v1/orders', 'a?b'],
  ["/a!$&'()*+,=:@b", "/a!$&'()*+,=:@b", ''],
  ['/%61%62c', '/abc', ''],
  ['/caf%c3%a9', '/caf%C3%A9', ''],
  ['/a%20b%3f%23', '/a%20b%3F%23', ''],
  ['/100%25', '/100%25', ''],
  ['/100%25/x', '/100%25/x', ''],
  ['/.well-known/a..b/...', '/.well-known/a..b/...', ''],
  ['/?filter[x]={"a":1}|<>^`\\', '/', 'filter[x]={"a":1}|<>^`\\'],
]

for (const [target, path, query] of readings) {
  test(`reads ${target} as ${path}`, () => {
    assert.deepEqual(toCanonicalPath(target), { kind: 'path', path, query })
  })
}

const refused: readonly string[] = [
  '',
  'v1/orders',
  '*',
  'http://api.example/v1',
  'https://api.example',
  'api.example:443',
  '?a=1',
  ' /a',
  '\\a',
  '//',
  '//evil.example/a',
  '/a//b',
  '/a//',
  '/a/./b',
  '/./a',
  '/a/.',
  '/.',
  '/a/../b',
  '/..',
  '/a/..',
  '/../a',
  '/a%2fb',
  '/a%2Fb',
  '/a%5cb',
  '/a%5Cb',
  '/%2e/a',
  '/%2E%2e/a',
  '/a/%2e',
  '/.%2e/',
  '/%2e./',
  '/a%2eb',
  '/a\\b',
  '/a;b',
  '/a;jsessionid=1',
  '/..;/a',
  '/a%3bb',
  '/a%3Bb',
  '/a#b',
  '/a?b#c',
  '/a\u007f',
  '/a%7f',
  '/a%00',
  '/a%0a',
  '/a%0d%0aX:1',
  '/a\n',
  '/a\t',
  '/a b',
  '/a%1f',
  '/a"b',
  '/a<b',
  '/a|b',
  '/a[b',
  '/a{b',
  '/a^b',
  '/%',
  '/%2',
  '/%g1',
  '/%1g',
  '/%zz',
  '/%u002f',
  '/%u0041',
  '/a%',
  '/%252f',
  '/%252e%252e/',
  '/%25%32%65',
  '/%2525',
  '/%25u002f',
  '/a%25zz%252f',
  '/%%32%65',
  '/%c0%af',
  '/%c0%ae',
  '/%e0%80%af',
  '/%f0%80%80%af',
  '/%c3',
  '/%c3/%a9',
  '/%ff',
  '/%80',
  '/%ed%a0%80',
  '/%f5%80%80%80',
  '/caf\u00e9',
  '/\u2215',
  '/?q=\u00e9',
  '/?q=\u0000',
  '/?q=a b',
  '/?a\r\nb',
  '/%c2%85',
  '/%e2%80%a8',
  '/%ef%bc%8f',
  '/%ef%bc%8e%ef%bc%8e/',
  '/%ef%bc%bc',
  '/%ef%bb%bf',
  '/%e2%80%ae',
  '/%ef%bc%85',
  '/%e2%88%95',
]

for (const target of refused) {
  test(`refuses ${JSON.stringify(target)}`, () => {
    assert.equal(toCanonicalPath(target).kind, 'refused')
  })
}

test('reads what it wrote as the same path, and never throws', () => {
  fc.assert(
    fc.property(hostileTarget, (target) => {
      const reading = toCanonicalPath(target)
      if (reading.kind === 'refused') return
      const again = toCanonicalPath(reading.path)
      assert.deepEqual(again, { kind: 'path', path: reading.path, query: '' })
    }),
    { numRuns: 5_000 },
  )
})

test('leaves no dot segment, empty segment, separator or control character after decoding, once or twice', () => {
  fc.assert(
    fc.property(hostileTarget, (target) => {
      const reading = toCanonicalPath(target)
      if (reading.kind === 'refused') return
      const once = decodeURIComponent(reading.path)
      // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
      assert.doesNotMatch(once, /\/\.{1,2}(\/|$)|\/\/|[\u0000-\u001f\u007f-\u009f;\\]/u)
      assert.equal(once.split('/').length, reading.path.split('/').length)
      assert.doesNotMatch(once, /%[0-9A-Fa-f]{2}/u)
    }),
    { numRuns: 5_000 },
  )
})

test('reads any segment that a client encoded as RFC 3986 says, but for the forbidden characters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 é漢字?#&=@:%-]{1,20}$/u), (segment) => {
      fc.pre(!/%[0-9a-fu]/u.test(segment))
      const reading = toCanonicalPath(`/v1/${encodeURIComponent(segment)}`)
      assert.ok(reading.kind === 'path')
      assert.equal(decodeURIComponent(reading.path), `/v1/${segment}`)
    }),
  )
})

const fragment = fc.constantFrom(
  '/',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '%25',
  '%',
  '2f',
  '2e',
  'u002f',
  ';',
  '\\',
  '%61',
  'a',
  'B',
  '~',
  '%c3%a9',
  '%c0',
  '%af',
  '%00',
  '?',
  '#',
  ' ',
  '%20',
  '%3f',
  '%e2%80',
  '%a8',
  '\u00e9',
  '%F0%9F%98%80',
  '%7e',
)
const hostileTarget = fc
  .array(fc.oneof({ weight: 9, arbitrary: fragment }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 12,
  })
  .map((parts) => `/${parts.join('')}`)
