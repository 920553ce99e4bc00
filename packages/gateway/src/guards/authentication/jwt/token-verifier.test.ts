import { Fault, ManualClock } from '@gateward/kernel'
import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import type { IssuerKeys, IssuerKeySet } from '../../../keyring/issuer-keys.ts'
import { authenticationSettings } from '../settings.ts'
import { encode, fixedIssuerKeys, TestIssuer, testNow } from '../testing.ts'
import { readCompactToken } from './compact-token.ts'
import type { TokenVerdict } from './token-verdict.ts'
import { createTokenVerifier } from './token-verifier.ts'
import { verifySignature } from './verify-signature.ts'

const issuer = new TestIssuer()
const usual = {
  issuer: issuer.name,
  audience: ['shop', 'shop-internal'],
  algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
  jwks: 'https://id.example/keys',
}

function verifier(changes: Record<string, unknown> = {}, jwks: unknown = issuer.jwks, now = testNow) {
  const { issuers } = authenticationSettings.parse({ issuers: [{ ...usual, ...changes }] })
  const clock = new ManualClock(now * 1_000)
  return createTokenVerifier({ issuers, keys: fixedIssuerKeys(jwks), clock })
}

function verdictOf(token: string, changes: Record<string, unknown> = {}): TokenVerdict {
  const verdict = verifier(changes).verify(token)
  assert.ok(!(verdict instanceof Promise), 'where the keys are there the verdict is, too')
  return verdict
}

function reasonOf(token: string, changes: Record<string, unknown> = {}): string | undefined {
  const verdict = verdictOf(token, changes)
  return verdict.kind === 'refused' ? verdict.reason : undefined
}

describe('a token', () => {
  for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    it(`signed with ${algorithm} is accepted, and refused after any change of its signature`, () => {
      const token = issuer.token({ algorithm })
      assert.equal(verdictOf(token).kind, 'token')
      const start = token.lastIndexOf('.') + 1
      for (const index of [start, start + 20, token.length - 3]) {
        const other = token[index] === 'A' ? 'B' : 'A'
        assert.equal(
          reasonOf(token.slice(0, index) + other + token.slice(index + 1)),
          'the signature is wrong',
        )
      }
    })
  }

  it('tells who calls, with scopes, roles and tier from the claims the settings name', () => {
    const claims = {
      scope: ['a', 7, 'b'],
      'https://example/roles': ['buyer'],
      plan: { name: 'pro' },
      client_id: 'app',
    }
    const settings = {
      claims: { subject: 'client_id', roles: 'https://example/roles', tier: 'plan.name' },
    }
    const verdict = verdictOf(issuer.token({ claims }), settings)
    assert.ok(verdict.kind === 'token')
    assert.deepEqual(
      [verdict.consumer, [...verdict.scopes], [...verdict.roles], verdict.tier],
      ['https://id.example|app', ['a', 'b'], ['buyer'], 'pro'],
    )
  })

  it('has a fingerprint of its own, which is the same every time', () => {
    const fingerprint = (token: string) => {
      const verdict = verdictOf(token)
      return verdict.kind === 'token' ? verdict.fingerprint : ''
    }
    const token = issuer.token()
    assert.equal(fingerprint(token), fingerprint(token))
    assert.notEqual(fingerprint(token), fingerprint(issuer.token({ claims: { jti: '2' } })))
  })
})

describe('claims', () => {
  const accepted: readonly [name: string, claims: Record<string, unknown>][] = [
    ['one audience of several', { aud: ['other', 'shop-internal'] }],
    ['an expiry within the leeway', { exp: testNow - 4, iat: testNow - 60 }],
    ['a start within the leeway', { nbf: testNow + 5 }],
    ['an issue within the leeway', { iat: testNow + 5 }],
    ['times with a fraction', { exp: testNow + 0.5, iat: testNow - 0.5 }],
    ['no issue time', { iat: undefined }],
    ['the longest life', { exp: testNow + 86_400 }],
  ]
  for (const [name, claims] of accepted) {
    it(`are accepted with ${name}`, () => {
      assert.equal(reasonOf(issuer.token({ claims })), undefined)
    })
  }

  const refused: readonly [name: string, claims: Record<string, unknown>, reason: RegExp][] = [
    ['no expiry', { exp: undefined }, /exp/],
    ['an expiry as text', { exp: String(testNow + 60) }, /exp/],
    ['an expiry that is null', { exp: null }, /exp/],
    ['a negative expiry', { exp: -1 }, /exp/],
    ['an expiry that is over', { exp: testNow - 5, iat: testNow - 60 }, /expired/],
    ['a start in the future', { nbf: testNow + 6 }, /not valid yet/],
    ['a start as text', { nbf: '0' }, /nbf/],
    ['an issue in the future', { iat: testNow + 6 }, /future/],
    ['an issue as text', { iat: 'now' }, /iat/],
    ['too long a life', { exp: testNow + 86_401 }, /longer/],
    ['too long a life without an issue time', { exp: testNow + 86_401, iat: undefined }, /longer/],
    ['too long a life that is nearly over', { iat: testNow - 86_400 }, /longer/],
    ['no audience', { aud: undefined }, /aud/],
    ['another audience', { aud: 'shop2' }, /audience/],
    ['an audience in another case', { aud: 'Shop' }, /audience/],
    ['no audience in the list', { aud: [] }, /audience/],
    ['an audience inside a list inside the list', { aud: [['shop']] }, /audience/],
    ['an audience that is an object', { aud: { shop: true } }, /aud/],
    ['no issuer', { iss: undefined }, /issuer/],
    ['an issuer with a slash more', { iss: 'https://id.example/' }, /issuer/],
    ['an issuer in a list', { iss: ['https://id.example'] }, /issuer/],
    ['no subject', { sub: undefined }, /subject/],
    ['an empty subject', { sub: '' }, /subject/],
    ['a subject that is a number', { sub: 1 }, /subject/],
    ['a very long subject', { sub: 'x'.repeat(513) }, /subject/],
  ]
  for (const [name, claims, reason] of refused) {
    it(`are refused with ${name}`, () => {
      assert.match(reasonOf(issuer.token({ claims })) ?? 'accepted', reason)
    })
  }

  it('are refused where a name is there twice', () => {
    const payload = JSON.stringify(issuer.claims()).replace('{', '{"sub":"root",')
    assert.match(reasonOf(issuer.sign('{"alg":"ES256","typ":"at+jwt"}', payload)) ?? '', /claims are/)
  })

  for (const payload of ['[]', 'null', '"text"', '{', '', '{"exp":1e999}', '{"__proto__":{}}', '\uFEFF{}']) {
    it(`are refused as ${JSON.stringify(payload)}`, () => {
      assert.notEqual(reasonOf(issuer.sign('{"alg":"ES256","typ":"at+jwt"}', payload)), undefined)
    })
  }
})

describe('the type of a token', () => {
  const cases: readonly [typ: unknown, claims: Record<string, unknown>, policies: readonly string[]][] = [
    ['at+jwt', {}, ['at+jwt', 'jwt']],
    ['AT+JWT', {}, ['at+jwt', 'jwt']],
    ['application/at+jwt', {}, ['at+jwt', 'jwt']],
    ['JWT', {}, ['jwt']],
    [undefined, {}, ['jwt']],
    ['JWT', { at_hash: 'x' }, []],
    ['JWT', { c_hash: 'x' }, []],
    ['JWT', { typ: 'ID' }, []],
    ['JWT', { token_use: 'id' }, []],
    ['logout+jwt', {}, []],
    ['dpop+jwt', {}, []],
    ['', {}, []],
    [7, {}, []],
  ]
  for (const [typ, claims, policies] of cases) {
    const what = `${JSON.stringify(typ) ?? 'nothing'}${JSON.stringify(claims)}`
    it(`${what} is accepted under ${policies.length === 0 ? 'no policy' : policies.join(' and ')}`, () => {
      const token = issuer.token({ header: { typ }, claims })
      const accepting = ['at+jwt', 'jwt'].filter((tokenType) => reasonOf(token, { tokenType }) === undefined)
      assert.deepEqual(accepting, policies)
    })
  }
})

describe('an attack with', () => {
  const pem = issuer.keys['RS256']?.publicKey.export({ type: 'spki', format: 'pem' }) as string
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const foreignJwk = foreign.publicKey.export({ format: 'jwk' })

  function forged(header: Record<string, unknown>, iss = issuer.name): string {
    const input = `${encode(JSON.stringify({ typ: 'at+jwt', ...header }))}.${encode(JSON.stringify(issuer.claims({ iss })))}`
    const options = { key: foreign.privateKey, dsaEncoding: 'ieee-p1363' } as const
    return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`
  }

  function withHmac(alg: string, secret: string | Buffer): string {
    const input = `${encode(JSON.stringify({ alg, kid: 'RS256', typ: 'at+jwt' }))}.${encode(JSON.stringify(issuer.claims()))}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }

  const [header, payload, signature] = issuer.token().split('.') as [string, string, string]
  const unsigned = (alg: string) => `${encode(JSON.stringify({ alg, typ: 'at+jwt' }))}.${payload}`
  const attacks: readonly [name: string, token: string][] = [
    ['the public key as the secret of HS256', withHmac('HS256', pem)],
    ['the public key as a secret, called RS256', withHmac('RS256', pem)],
    ['an empty secret', withHmac('HS256', '')],
    ...['none', 'None', 'NONE', 'nOnE', '', 'RS1', 'ES256K', 'rs256'].flatMap((alg): [string, string][] => [
      [`alg ${JSON.stringify(alg)} and an empty signature`, `${unsigned(alg)}.`],
      [`alg ${JSON.stringify(alg)} and another signature`, `${unsigned(alg)}.${signature}`],
    ]),
    ['no signature and no dot', `${header}.${payload}`],
    ['a key that is not known', forged({ alg: 'ES256', kid: 'other' })],
    ['a foreign key under a known id', forged({ alg: 'ES256', kid: 'ES256' })],
    ['a foreign key and no id', forged({ alg: 'ES256' })],
    ['its own key inside (jwk)', forged({ alg: 'ES256', jwk: foreignJwk })],
    ['a place to fetch its key from (jku)', forged({ alg: 'ES256', jku: 'https://evil.example/keys' })],
    ['a place of its certificate (x5u)', forged({ alg: 'ES256', x5u: 'https://evil.example/x' })],
    ['its certificate inside (x5c)', forged({ alg: 'ES256', x5c: ['AAAA'] })],
    ['a path in its key id', forged({ alg: 'ES256', kid: '../../../../dev/null' })],
    ['SQL in its key id', forged({ alg: 'ES256', kid: "x' union select 'key" })],
    ['an id called __proto__', forged({ alg: 'ES256', kid: '__proto__' })],
    ['an id called constructor', forged({ alg: 'ES256', kid: 'constructor' })],
    ['an endless key id', issuer.token({ header: { kid: 'x'.repeat(300) } })],
    ['an empty key id', issuer.token({ header: { kid: '' } })],
    ['a key id that is no text', issuer.token({ header: { kid: ['ES256'] } })],
    ['the id of a key for another algorithm', issuer.token({ header: { kid: 'RS256' } })],
    ['RS256 over a PS256 key', issuer.token({ algorithm: 'RS256', header: { kid: 'PS256' } })],
    ['a critical extension', issuer.token({ header: { crit: ['exp'], exp: 1 } })],
    ['an empty list of critical extensions', issuer.token({ header: { crit: [] } })],
    ['an unencoded payload', issuer.token({ header: { b64: false, crit: ['b64'] } })],
    ['b64 that says nothing', issuer.token({ header: { b64: true } })],
    [
      'a header with alg twice',
      issuer.sign('{"alg":"none","alg":"ES256","typ":"at+jwt"}', JSON.stringify(issuer.claims())),
    ],
    ['a header that is a list', issuer.sign('["ES256"]', JSON.stringify(issuer.claims()))],
    ['a header that is not JSON', issuer.sign('ES256', JSON.stringify(issuer.claims()))],
    [
      'a header full of spaces',
      issuer.sign(`{"alg":"ES256",${' '.repeat(3_000)}"typ":"at+jwt"}`, JSON.stringify(issuer.claims())),
    ],
    ['padding', `${header}.${payload}.${signature}==`],
    ['the other alphabet', `${header}.${payload}.+/${signature.slice(2)}`],
    ['a line break inside', `${header}.${payload}.${signature.slice(0, 8)}\n${signature.slice(8)}`],
    ['a dot more', `${header}.${payload}.${signature}.`],
    ['five parts', `${header}..${payload}.${signature}.AAAA`],
    ['an empty header', `.${payload}.${signature}`],
    ['the JSON form', JSON.stringify({ payload, protected: header, signature })],
    ['a shorter signature', `${header}.${payload}.${signature.slice(0, -4)}`],
    ['a signature of zeros', `${header}.${payload}.${'A'.repeat(86)}`],
    ['a signature in DER', `${header}.${payload}.${toDer(signature)}`],
  ]
  for (const [name, token] of attacks) {
    it(`${name} is refused`, () => {
      assert.equal(verdictOf(token).kind, 'refused')
    })
  }

  it('one signature in another spelling is refused', () => {
    // 64 bytes leave four bits of the last letter unused.
    const last = signature.at(-1) as string
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const sibling = alphabet[alphabet.indexOf(last) + 1] as string
    const other = signature.slice(0, -1) + sibling
    assert.deepEqual(Buffer.from(other, 'base64url'), Buffer.from(signature, 'base64url'))
    assert.equal(verdictOf(`${header}.${payload}.${other}`).kind, 'refused')
  })

  it('an algorithm that the issuer does not use is refused', () => {
    assert.match(reasonOf(issuer.token(), { algorithms: ['RS256'] }) ?? '', /alg/)
  })

  it('a huge token is refused before it is read', () => {
    assert.equal(reasonOf(issuer.token({ claims: { filler: 'x'.repeat(9_000) } })), 'it is too long')
    assert.equal(reasonOf('.'.repeat(1_000_000)), 'it is too long')
  })

  it('a key of one issuer under the name of another is refused', () => {
    const other = { ...usual, issuer: 'https://other.example', jwks: 'https://other.example/keys' }
    const { issuers } = authenticationSettings.parse({ issuers: [usual, other] })
    const keysOf = new Map([
      [usual.jwks, fixedIssuerKeys(issuer.jwks)],
      [other.jwks, fixedIssuerKeys({ keys: [{ ...foreignJwk, kid: 'ES256', alg: 'ES256' }] })],
    ])
    const keys: IssuerKeys = {
      open: (source) => keysOf.get('location' in source ? source.location : '')?.open(source) as IssuerKeySet,
      [Symbol.asyncDispose]: async () => {},
    }
    const both = createTokenVerifier({ issuers, keys, clock: new ManualClock(testNow * 1_000) })
    const kindOf = (token: string) => (both.verify(token) as TokenVerdict).kind
    const header = { alg: 'ES256', kid: 'ES256' }
    assert.equal(kindOf(forged(header, other.issuer)), 'token')
    assert.equal(kindOf(forged(header, usual.issuer)), 'refused')
    assert.equal(kindOf(issuer.token()), 'token')
    assert.equal(kindOf(issuer.token({ claims: { iss: other.issuer } })), 'refused')
  })
})

describe('any text', () => {
  it('is refused without an error', () => {
    const part = fc.oneof(fc.string(), fc.base64String(), fc.json().map(encode))
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')),
    )
    const subject = verifier()
    fc.assert(fc.property(text, (token) => (subject.verify(token) as TokenVerdict).kind === 'refused'))
  })

  it('made of a good token by one changed character is refused', () => {
    const token = issuer.token({ algorithm: 'RS256' })
    const subject = verifier()
    assert.equal((subject.verify(token) as TokenVerdict).kind, 'token')
    const change = fc.tuple(fc.nat({ max: token.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }))
    fc.assert(
      fc.property(change, ([index, character]) => {
        const changed = token.slice(0, index) + character + token.slice(index + 1)
        return changed === token || (subject.verify(changed) as TokenVerdict).kind === 'refused'
      }),
    )
  })
})

describe('a token that is shown again', () => {
  /** A verifier whose keys and clock can be turned. */
  function turnable() {
    const { issuers } = authenticationSettings.parse({ issuers: [{ ...usual, leeway: '0s' }] })
    const clock = new ManualClock(testNow * 1_000)
    const state = { keys: fixedIssuerKeys(issuer.jwks) }
    const keys: IssuerKeys = {
      open: (source) => ({
        find: (kid, algorithm) => state.keys.open(source).find(kid, algorithm),
      }),
      [Symbol.asyncDispose]: async () => {},
    }
    const subject = createTokenVerifier({ issuers, keys, clock })
    const wordOf = (token: string) => {
      const verdict = subject.verify(token) as TokenVerdict
      return verdict.kind === 'refused' ? verdict.reason : verdict.subject
    }
    return { subject, clock, state, wordOf }
  }

  it('is the same verdict, so that what is derived from it can be kept', () => {
    const { subject } = turnable()
    const token = issuer.token()
    assert.equal(subject.verify(token), subject.verify(` ${token}`.slice(1)))
  })

  it('is refused at the moment it expires', () => {
    const { clock, wordOf } = turnable()
    const token = issuer.token({ claims: { exp: testNow + 60 } })
    assert.equal(wordOf(token), 'ada')
    clock.advance(59_999)
    assert.equal(wordOf(token), 'ada')
    clock.advance(1)
    assert.equal(wordOf(token), 'it has expired')
  })

  it('is refused where the clock went back to before its start', () => {
    const { clock, wordOf } = turnable()
    const token = issuer.token({ claims: { nbf: testNow, iat: undefined } })
    assert.equal(wordOf(token), 'ada')
    clock.advance(-1)
    assert.equal(wordOf(token), 'it is not valid yet')
  })

  it('is refused as soon as its key is gone, and where another has taken its id', () => {
    const { state, wordOf } = turnable()
    const token = issuer.token({ algorithm: 'RS256' })
    assert.equal(wordOf(token), 'ada')
    const { keys } = issuer.jwks
    state.keys = fixedIssuerKeys({ keys: keys.filter(({ alg }) => alg !== 'RS256') })
    assert.equal(wordOf(token), 'its issuer has no such key')
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const successor = { ...publicKey.export({ format: 'jwk' }), kid: 'RS256', alg: 'RS256' }
    state.keys = fixedIssuerKeys({ keys: [successor] })
    assert.equal(wordOf(token), 'the signature is wrong')
    state.keys = fixedIssuerKeys(issuer.jwks)
    assert.equal(wordOf(token), 'ada')
  })

  it('lends nothing to another: not its signature, its claims or its header', () => {
    const { wordOf } = turnable()
    const ada = issuer.token()
    const root = issuer.token({ claims: { sub: 'root' } })
    assert.deepEqual([wordOf(ada), wordOf(root)], ['ada', 'root'])
    const [header, payload, signature] = ada.split('.') as [string, string, string]
    const [, others, otherSignature] = root.split('.') as [string, string, string]
    const pairs = [
      [header, others, signature],
      [header, payload, otherSignature],
      [encode('{"alg":"ES256","kid":"ES256","typ":"at+jwt" }'), payload, signature],
    ]
    for (const parts of pairs) assert.equal(wordOf(parts.join('.')), 'the signature is wrong')
  })

  it('has claims that nobody can change for the next request', () => {
    const { subject } = turnable()
    const verdict = subject.verify(issuer.token({ claims: { groups: [{ name: 'a' }] } })) as TokenVerdict
    assert.ok(verdict.kind === 'token')
    const [group] = verdict.claims['groups'] as [{ name: string }]
    assert.throws(() => (group.name = 'admin'), TypeError)
    assert.throws(() => ((verdict.claims as Record<string, unknown>)['sub'] = 'root'), TypeError)
  })

  it('is not pushed out by any number of made-up ones, and good ones are held within a bound', () => {
    const { subject } = turnable()
    const token = issuer.token()
    const first = subject.verify(token)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const base = Buffer.from(signature, 'base64url')
    for (let index = 0; index < 3_000; index++) {
      base.writeUInt32BE(index, 8)
      const forged = `${header}.${payload}.${base.toString('base64url')}`
      assert.equal((subject.verify(forged) as TokenVerdict).kind, 'refused')
    }
    assert.equal(subject.verify(token), first)
    for (let index = 0; index < 2_001; index++)
      assert.equal(
        (subject.verify(issuer.token({ claims: { jti: `${index}` } })) as TokenVerdict).kind,
        'token',
      )
    assert.notEqual(subject.verify(token), first)
    assert.deepEqual(subject.verify(token), first)
  })
})

describe('known answers', () => {
  const answers: readonly [
    name: string,
    algorithm: 'RS256' | 'ES256' | 'EdDSA',
    jwk: Record<string, string>,
    jws: string,
  ][] = [
    [
      'RFC 7515 appendix A.2 (RS256)',
      'RS256',
      {
        kty: 'RSA',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
        e: 'AQAB',
      },
      'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
    ],
    [
      'RFC 7515 appendix A.3 (ES256)',
      'ES256',
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    ],
    [
      'RFC 8037 appendix A.4 (Ed25519)',
      'EdDSA',
      { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    ],
  ]
  for (const [name, algorithm, jwk, jws] of answers) {
    it(`${name} verifies`, () => {
      const token = readCompactToken(jws)
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      assert.ok(token !== undefined)
      assert.equal(verifySignature(algorithm, key, token.signingInput, token.signature), true)
      const longer = Buffer.concat([token.signingInput, Buffer.from('A')])
      assert.equal(verifySignature(algorithm, key, longer, token.signature), false)
    })
  }
})

describe('a signature', () => {
  it('is never verified with a key of another type', () => {
    const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
    for (const algorithm of algorithms) {
      const token = readCompactToken(issuer.token({ algorithm }))
      assert.ok(token !== undefined)
      const fitting = algorithms.filter((other) =>
        verifySignature(
          algorithm,
          issuer.keys[other]?.publicKey as KeyObject,
          token.signingInput,
          token.signature,
        ),
      )
      assert.deepEqual(
        fitting,
        algorithm.endsWith('S256') && algorithm !== 'ES256' ? ['RS256', 'PS256'] : [algorithm],
      )
    }
  })
})

describe('an issuer whose keys were never had', () => {
  it('makes authentication unavailable instead of refusing the token', async () => {
    const { issuers } = authenticationSettings.parse({ issuers: [usual] })
    const unavailable = new Fault('AUTHENTICATION_UNAVAILABLE', 'no keys yet', {
      source: 'gateway',
      retryable: true,
    })
    const keys = {
      open: () => ({ find: () => Promise.reject(unavailable) }),
      [Symbol.asyncDispose]: async () => {},
    }
    const subject = createTokenVerifier({ issuers, keys, clock: new ManualClock(testNow * 1_000) })
    await assert.rejects(async () => subject.verify(issuer.token()), unavailable)
  })
})

function toDer(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const integer = (half: Buffer) => {
    const padded = (half[0] as number) < 128 ? half : Buffer.concat([Buffer.of(0), half])
    return Buffer.concat([Buffer.of(2, padded.length), padded])
  }
  const body = Buffer.concat([integer(bytes.subarray(0, 32)), integer(bytes.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, body.length), body]).toString('base64url')
}
