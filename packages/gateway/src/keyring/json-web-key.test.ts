import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { readJsonWebKey } from './json-web-key.ts'
import { readJsonWebKeySet } from './json-web-key-set.ts'
import { isRocaModulus } from './roca.ts'

const rsa = toJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)
const ec = toJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)
const ec384 = toJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)
const ed = toJwk(generateKeyPairSync('ed25519').publicKey)

function toJwk(key: KeyObject): Record<string, unknown> {
  return { ...key.export({ format: 'jwk' }) }
}

describe('a JSON Web Key', () => {
  const usable: readonly [name: string, jwk: Record<string, unknown>, algorithms: readonly string[]][] = [
    ['RSA', rsa, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['RSA for one algorithm', { ...rsa, alg: 'PS384' }, ['PS384']],
    ['P-256', ec, ['ES256']],
    ['P-384', { ...ec384, use: 'sig', key_ops: ['verify'] }, ['ES384']],
    ['Ed25519', ed, ['EdDSA', 'Ed25519']],
    ['Ed25519 under its new name', { ...ed, alg: 'Ed25519' }, ['Ed25519']],
    ['with members that mean nothing here', { ...ec, x5c: ['AAAA'], x5t: 'x', nbf: 1 }, ['ES256']],
  ]
  for (const [name, jwk, algorithms] of usable) {
    it(`of ${name} verifies ${algorithms.join(', ')}`, () => {
      const reading = readJsonWebKey(jwk)
      assert.ok(reading.kind === 'usable', JSON.stringify(reading))
      assert.deepEqual(reading.key.algorithms, algorithms)
      assert.equal(reading.key.key.type, 'public')
    })
  }

  const small = toJwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)
  const secp = toJwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)
  const x25519 = toJwk(generateKeyPairSync('x25519').publicKey)
  const unusable: readonly [name: string, jwk: unknown, reason: RegExp][] = [
    ['null', null, /not an object/],
    ['a list', [ec], /not an object/],
    ['without a type', {}, /not supported/],
    ['of 1024 bits', small, /1024 bits/],
    [
      'of 2047 bits',
      { ...rsa, n: Buffer.from(`7f${'ff'.repeat(255)}`, 'hex').toString('base64url') },
      /2047 bits/,
    ],
    ['of far too many bits', { ...rsa, n: 'f'.repeat(200_000) }, /more than 8192/],
    ['with exponent 1', { ...rsa, e: 'AQ' }, /exponent/],
    ['with exponent 3', { ...rsa, e: 'Aw' }, /exponent/],
    ['with an even exponent', { ...rsa, e: 'AQAC' }, /exponent/],
    ['with a huge exponent', { ...rsa, e: 'f'.repeat(340) }, /exponent/],
    ['with an empty exponent', { ...rsa, e: '' }, /base64url/],
    ['on a curve that no algorithm here uses', secp, /not supported/],
    ['for key agreement', x25519, /not supported/],
    ['off its curve', { ...ec, y: ec['x'] }, /make no key/],
    ['with a coordinate too short', { ...ec, x: 'AAAA' }, /make no key/],
    ['without a coordinate', { ...ec, y: undefined }, /missing/],
    ['with padding', { ...ec, x: `${String(ec['x'])}=` }, /base64url/],
    ['with alg ES384 on P-256', { ...ec, alg: 'ES384' }, /alg/],
    ['with alg RS256 on a curve', { ...ec, alg: 'RS256' }, /alg/],
    ['with alg HS256 on RSA', { ...rsa, alg: 'HS256' }, /alg/],
    ['with alg none', { ...rsa, alg: 'none' }, /alg/],
    ['with an alg that is no text', { ...rsa, alg: ['RS256'] }, /alg/],
    ['for encryption', { ...rsa, use: 'enc' }, /use/],
    ['for other operations', { ...rsa, key_ops: ['encrypt'] }, /key_ops/],
    ['for operations that are no list', { ...rsa, key_ops: 'verify' }, /key_ops/],
    ['with an endless id', { ...ec, kid: 'x'.repeat(257) }, /kid/],
    ['with an id that is no text', { ...ec, kid: 1 }, /kid/],
  ]
  for (const [name, jwk, reason] of unusable) {
    it(`${name} is left out`, () => {
      const reading = readJsonWebKey(jwk)
      assert.ok(reading.kind === 'unusable', reading.kind)
      assert.match(reading.reason, reason)
    })
  }

  it('that is secret is recognised as such, whatever else it says', () => {
    const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
    for (const jwk of [
      { kty: 'oct', k: 'AAAA' },
      { kty: 'RSA', k: 'AAAA' },
      { ...privateKey },
      { ...rsa, use: 'enc', d: 'AA' },
      { ...rsa, qi: 'AA' },
    ])
      assert.equal(readJsonWebKey(jwk).kind, 'secret')
  })
})

describe('the ROCA fingerprint', () => {
  it('is found where a modulus is a power of 65537 modulo all its small primes', () => {
    assert.equal(isRocaModulus(65_537n ** 130n), true)
    assert.equal(isRocaModulus(65_537n ** 130n + 2n), false)
    assert.equal(
      isRocaModulus(BigInt(`0x${Buffer.from(rsa['n'] as string, 'base64url').toString('hex')}`)),
      false,
    )
  })
})

describe('a JSON Web Key Set', () => {
  const read = (...keys: readonly unknown[]) => readJsonWebKeySet(JSON.stringify({ keys }))

  it('finds keys by id and algorithm, and none under another id', () => {
    const set = read({ ...ec, kid: 'a' }, { ...rsa, kid: 'b' }, { ...ed, kid: 'c' })
    assert.equal(set.size, 3)
    assert.equal(set.find('a', 'ES256').length, 1)
    assert.equal(set.find('a', 'RS256').length, 0)
    assert.equal(set.find('c', 'ES256').length, 0)
    assert.deepEqual([set.knows('a'), set.knows('d'), set.knows('__proto__')], [true, false, false])
  })

  it('finds keys without an id by algorithm, as long as they are few', () => {
    const keys = Array.from({ length: 5 }, () =>
      toJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
    )
    assert.equal(read(...keys.slice(0, 4)).find(undefined, 'ES256').length, 4)
    assert.equal(read(...keys).find(undefined, 'ES256').length, 0)
  })

  it('tells keys with one id apart by algorithm', () => {
    const set = read(
      { ...ec, kid: 'a' },
      { ...rsa, kid: 'a', alg: 'RS256' },
      { ...rsa, kid: 'a', use: 'enc' },
    )
    assert.deepEqual(
      [set.find('a', 'ES256').length, set.find('a', 'RS256').length, set.find('a', 'PS256').length],
      [1, 1, 0],
    )
    assert.match(set.notes.join(), /key 3 is left out: its use/)
  })

  for (const [name, text, reason] of [
    ['is not JSON', '<html>', /not JSON/],
    ['is null', 'null', /no array/],
    ['has no keys', '{}', /no array/],
    ['has keys that are no list', '{"keys":{}}', /no array/],
    ['is empty', '{"keys":[]}', /no usable key/],
    [
      'has only weak keys',
      JSON.stringify({ keys: [{ ...rsa, e: 'Aw' }] }),
      /key 1 is left out: its exponent/,
    ],
    [
      'publishes a shared key beside a good one',
      JSON.stringify({ keys: [ec, { kty: 'oct', k: 'AA' }] }),
      /key 2 must not be published/,
    ],
    [
      'publishes a private key beside a good one',
      JSON.stringify({ keys: [ec, { ...ec, d: 'AA' }] }),
      /key 2 must not be published/,
    ],
    [
      'has more keys than anybody needs',
      JSON.stringify({ keys: Array.from({ length: 101 }, () => ec) }),
      /101 keys/,
    ],
  ] as const) {
    it(`that ${name} is not used`, () => assert.throws(() => readJsonWebKeySet(text), reason))
  }
})
