import type { SecurityScheme } from '@gateward/openapi'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Verdict } from '../guard.ts'
import { compileTestGuard, decide, exampleApiKeys, TestIssuer, type TestGuard } from './testing.ts'

const issuer = new TestIssuer()
const issuers = [
  { issuer: issuer.name, audience: 'shop', algorithms: ['ES256'], jwks: 'https://id.example/keys' },
]
const schemes: Record<string, SecurityScheme> = {
  headerKey: { kind: 'apiKey', in: 'header', name: 'X-Shop-Key' },
  queryKey: { kind: 'apiKey', in: 'query', name: 'api_key' },
  cookieKey: { kind: 'apiKey', in: 'cookie', name: 'shop' },
  bearer: { kind: 'http', scheme: 'Bearer', bearerFormat: 'JWT' },
  oauth: { kind: 'oauth2' },
  openId: { kind: 'openIdConnect', url: 'https://id.example' },
  basic: { kind: 'http', scheme: 'basic', bearerFormat: undefined },
  certificate: { kind: 'mutualTLS' },
}

function needs(...alternatives: readonly (readonly string[])[]): TestGuard {
  return {
    security: alternatives.map((names) => names.map((scheme) => ({ scheme, scopes: [] }))),
    schemes,
    settings: { issuers },
  }
}

const bearer = { authorization: `Bearer ${issuer.token()}` }
const key = { 'x-shop-key': 'good-acme' }

async function ask(test: TestGuard, request: TestRequest = {}) {
  const exchange = openTestExchange(request)
  const verdict = await decide(compileTestGuard(test).guard, exchange)
  return {
    exchange,
    verdict,
    who: exchange.principal.kind === 'known' ? exchange.principal.consumer : undefined,
  }
}

function challengesOf(verdict: Verdict): readonly string[] {
  assert.ok(verdict.kind === 'refuse')
  const { problem } = verdict
  assert.equal(problem.status, 401)
  return problem.headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
}

describe('the alternatives of a contract', () => {
  const cases: readonly [name: string, test: TestGuard, request: TestRequest, who: string | undefined][] = [
    ['a key in a header', needs(['headerKey']), { headers: key }, 'acme'],
    ['a key in the query', needs(['queryKey']), { query: 'a=1&api_key=good-acme' }, 'acme'],
    [
      'a key in the query under an escaped name',
      needs(['queryKey']),
      { query: 'api%5Fkey=good-acme' },
      'acme',
    ],
    ['a key in a cookie', needs(['cookieKey']), { headers: { cookie: 'a=b; shop=good-acme; c=d' } }, 'acme'],
    ['a bearer token', needs(['bearer']), { headers: bearer }, 'https://id.example|ada'],
    [
      'the scheme in another case',
      needs(['oauth']),
      { headers: { authorization: bearer.authorization.replace('Bearer', 'BEARER') } },
      'https://id.example|ada',
    ],
    ['OpenID Connect', needs(['openId']), { headers: bearer }, 'https://id.example|ada'],
    [
      'the second alternative',
      needs(['headerKey'], ['bearer']),
      { headers: bearer },
      'https://id.example|ada',
    ],
    [
      'both of two schemes',
      needs(['headerKey', 'bearer']),
      { headers: { ...bearer, ...key } },
      'https://id.example|ada',
    ],
    ['nothing, where an empty alternative is there', needs(['headerKey'], []), {}, undefined],
    ['a key, where an empty alternative comes first', needs([], ['headerKey']), { headers: key }, 'acme'],
    [
      'a part of an alternative, where an empty one is there',
      needs(['headerKey', 'bearer'], []),
      { headers: key },
      undefined,
    ],
  ]
  for (const [name, test, request, who] of cases) {
    it(`accepts ${name}`, async () => {
      const answer = await ask(test, request)
      assert.equal(answer.verdict.kind, 'pass', JSON.stringify(answer.verdict))
      assert.equal(answer.who, who)
    })
  }

  const refused: readonly [name: string, test: TestGuard, request: TestRequest][] = [
    ['no credential', needs(['headerKey']), {}],
    ['a key in another place', needs(['headerKey']), { query: 'X-Shop-Key=good-acme' }],
    ['a key under a longer name', needs(['queryKey']), { query: 'api_key2=good-acme' }],
    ['an unknown key', needs(['headerKey']), { headers: { 'x-shop-key': 'bad' } }],
    ['an empty key', needs(['headerKey']), { headers: { 'x-shop-key': '' } }],
    [
      'an unknown key where anonymous callers are welcome',
      needs(['headerKey'], []),
      { headers: { 'x-shop-key': 'bad' } },
    ],
    [
      'a good key beside a bad token',
      needs(['headerKey'], ['bearer']),
      { headers: { ...key, authorization: 'Bearer x' } },
    ],
    ['half of an alternative', needs(['headerKey', 'bearer']), { headers: key }],
    ['a key twice in the query', needs(['queryKey']), { query: 'api_key=good-acme&api_key=good-acme' }],
    [
      'a key twice in the query in two spellings',
      needs(['queryKey']),
      { query: 'api_key=good-acme&api%5fkey=bad' },
    ],
    ['a cookie twice', needs(['cookieKey']), { headers: { cookie: 'shop=good-acme;shop=good-other' } }],
    ['another authentication scheme', needs(['bearer']), { headers: { authorization: 'Basic YTpi' } }],
    [
      'another authentication scheme where anonymous callers are welcome',
      needs(['bearer'], []),
      { headers: { authorization: 'Basic YTpi' } },
    ],
    ['a bearer scheme without a token', needs(['bearer']), { headers: { authorization: 'Bearer ' } }],
    [
      'two tokens in one field',
      needs(['bearer']),
      { headers: { authorization: `${bearer.authorization} ${issuer.token()}` } },
    ],
    [
      'a list of tokens',
      needs(['bearer']),
      { headers: { authorization: `${bearer.authorization}, ${bearer.authorization}` } },
    ],
  ]
  for (const [name, test, request] of refused) {
    it(`refuses ${name}`, async () => {
      const { verdict, who } = await ask(test, request)
      assert.ok(challengesOf(verdict).length > 0)
      assert.equal(who, undefined)
    })
  }

  it('refuses a field that is there twice, whatever is in it', async () => {
    const exchange = openTestExchange({ headers: key })
    exchange.request.headers.append('x-shop-key', 'good-acme')
    assert.equal((await decide(compileTestGuard(needs(['headerKey'])).guard, exchange)).kind, 'refuse')
  })

  it('asks for nothing where the contract says so', async () => {
    const { guard, diagnostics } = compileTestGuard({ security: [] })
    assert.equal((await decide(guard, openTestExchange())).kind, 'pass')
    assert.deepEqual(diagnostics, [])
  })

  it('leaves requests that match nothing to their refusal', () => {
    assert.equal(compileTestGuard({ unmatched: true }).guard, undefined)
  })
})

describe('an operation that declares no security', () => {
  const request = { headers: { 'x-api-key': 'good-acme' } }

  it('needs an API key, and the operator is told', async () => {
    assert.equal((await ask({})).verdict.kind, 'refuse')
    assert.equal((await ask({}, request)).who, 'acme')
    const [diagnostic] = compileTestGuard().diagnostics
    assert.equal(diagnostic?.code, 'undeclared-security')
    assert.equal(diagnostic?.severity, 'warning')
    assert.deepEqual(diagnostic?.position, { file: 'shop.yaml', line: 212, column: 9 })
  })

  for (const [name, test] of [
    ['serve --anonymous', { services: { anonymousByDefault: true } }],
    ['x-gateward: { anonymous: allow }', { extension: { anonymous: 'allow' } }],
  ] as const) {
    it(`is open with ${name}, and still knows who shows a key`, async () => {
      assert.deepEqual(compileTestGuard(test).diagnostics, [])
      assert.equal((await ask(test)).verdict.kind, 'pass')
      assert.equal((await ask(test, request)).who, 'acme')
      assert.equal((await ask(test, { headers: { 'x-api-key': 'bad' } })).verdict.kind, 'refuse')
    })
  }

  it('takes the fields that the settings name', async () => {
    const settings = { apiKeys: { headers: ['X-One', 'X-Two'] } }
    assert.equal((await ask({ settings }, { headers: { 'x-two': 'good-acme' } })).who, 'acme')
    assert.equal((await ask({ settings }, request)).verdict.kind, 'refuse')
  })
})

describe('an API without a contract', () => {
  it('takes an API key or a token of a configured issuer', async () => {
    const test = { withoutContract: true, settings: { issuers } }
    assert.equal((await ask(test)).verdict.kind, 'refuse')
    assert.equal((await ask(test, { headers: { 'x-api-key': 'good-acme' } })).who, 'acme')
    assert.equal((await ask(test, { headers: bearer })).who, 'https://id.example|ada')
  })
})

describe('a contract that cannot be kept', () => {
  const cases: readonly [name: string, test: TestGuard, code: string, severity: string][] = [
    ['asks for a scheme nobody declared', needs(['nobody']), 'unknown-security-scheme', 'warning'],
    ['asks for basic authentication', needs(['basic']), 'unsupported-security-scheme', 'warning'],
    ['asks for client certificates', needs(['certificate']), 'unsupported-security-scheme', 'warning'],
    [
      'asks for them beside a key',
      needs(['certificate', 'headerKey']),
      'unsupported-security-scheme',
      'warning',
    ],
    [
      'offers basic authentication besides keys',
      needs(['basic'], ['headerKey']),
      'unsupported-security-scheme',
      'warning',
    ],
    ['asks for tokens of nobody', { ...needs(['bearer']), settings: {} }, 'no-token-issuer', 'warning'],
    [
      'is closed and open at once',
      { ...needs(['headerKey']), extension: { anonymous: 'allow' } },
      'contradicting-security',
      'error',
    ],
  ]
  for (const [name, test, code, severity] of cases) {
    it(`is told where it ${name}`, () => {
      const [diagnostic, ...others] = compileTestGuard(test).diagnostics
      assert.deepEqual([diagnostic?.code, diagnostic?.severity, others], [code, severity, []])
      assert.equal(diagnostic?.position?.line, 212)
      assert.ok(diagnostic?.fix)
    })
  }

  it('never lets anyone in through an alternative that cannot be verified', async () => {
    assert.equal(
      (await ask(needs(['basic'], ['headerKey']), { headers: { authorization: 'Basic YTpi' } })).verdict.kind,
      'refuse',
    )
    assert.equal((await ask(needs(['certificate', 'headerKey']), { headers: key })).verdict.kind, 'refuse')
    assert.equal((await ask(needs(['nobody']), { headers: key })).verdict.kind, 'refuse')
    assert.equal((await ask(needs(['nobody']))).verdict.kind, 'refuse')
  })
})

describe('WWW-Authenticate', () => {
  const test = { ...needs(['headerKey'], ['bearer']), settings: { issuers, realm: 'shop' } }
  const plain = ['ApiKey realm="shop", header="x-shop-key"', 'Bearer realm="shop"']

  it('lists every way in, and no error where no credential came', async () => {
    assert.deepEqual(challengesOf((await ask(test)).verdict), plain)
  })

  it('says invalid_token of a token that is not accepted, and not why', async () => {
    const { verdict } = await ask(test, { headers: { authorization: 'Bearer x' } })
    assert.deepEqual(challengesOf(verdict), [plain[0], 'Bearer realm="shop", error="invalid_token"'])
  })

  it('tells nothing of a key that is not accepted', async () => {
    assert.deepEqual(challengesOf((await ask(test, { headers: { 'x-shop-key': 'bad' } })).verdict), plain)
  })

  it('cannot be broken by the name of a key', async () => {
    const odd = { schemes: { odd: { kind: 'apiKey', in: 'query', name: 'a"\\\r\nx' } as const } }
    const { verdict } = await ask({ security: [[{ scheme: 'odd', scopes: [] }]], ...odd })
    assert.deepEqual(challengesOf(verdict), ['ApiKey realm="gateward", query="a\\"\\\\??x"'])
  })
})

describe('the identity', () => {
  it('of a key is told to the service behind, with scopes and roles', async () => {
    const { exchange } = await ask(needs(['headerKey']), { headers: key })
    assert.deepEqual(exchange.upstreamHeaders, [
      ['x-consumer-id', 'acme'],
      ['x-consumer-label', 'The%20acme'],
      ['x-authenticated-scope', 'orders:read'],
      ['x-authenticated-roles', 'buyer'],
      ['x-credential-id', 'key_acme'],
    ])
  })

  it('of a token is its issuer and subject, and its claims are there for other guards', async () => {
    const { exchange } = await ask(needs(['bearer']), { headers: bearer })
    assert.ok(exchange.principal.kind === 'known')
    const { consumer, label, scopes, claims, credentials } = exchange.principal
    assert.deepEqual(
      [consumer, label, [...scopes], claims['sub']],
      ['https://id.example|ada', 'ada', ['orders:read', 'orders:write'], 'ada'],
    )
    assert.deepEqual(
      [credentials[0]?.kind, credentials[0]?.scheme, credentials[0]?.id.length],
      ['jwt', 'bearer', 22],
    )
  })

  it('is the token’s where a key is needed beside it, and no rights are added up', async () => {
    const { exchange } = await ask(needs(['headerKey', 'oauth']), { headers: { ...key, ...bearer } })
    assert.ok(exchange.principal.kind === 'known')
    const { consumer, roles, credentials } = exchange.principal
    assert.deepEqual([consumer, roles.size], ['https://id.example|ada', 0])
    assert.deepEqual(
      credentials.map(({ kind, scheme }) => [kind, scheme]),
      [
        ['jwt', 'oauth'],
        ['api-key', 'headerKey'],
      ],
    )
  })

  it('of two keys is the first one’s', async () => {
    const request = { headers: key, query: 'api_key=good-other' }
    const { exchange, who } = await ask(needs(['headerKey', 'queryKey']), request)
    assert.ok(exchange.principal.kind === 'known')
    assert.deepEqual(
      [who, exchange.principal.credentials.map(({ id }) => id)],
      ['acme', ['key_acme', 'key_other']],
    )
  })

  it('cannot smuggle a header field through a claim', async () => {
    const token = issuer.token({ claims: { sub: 'ada\r\nx-admin: 1', scope: 'a\u0000b ü %0d' } })
    const { exchange } = await ask(needs(['bearer']), { headers: { authorization: `Bearer ${token}` } })
    assert.ok(exchange.upstreamHeaders.every(([, value]) => /^[\x20-\x7e]*$/.test(value)))
    assert.deepEqual(exchange.upstreamHeaders[0], [
      'x-consumer-id',
      'https://id.example|ada%0D%0Ax-admin:%201',
    ])
    assert.deepEqual(exchange.upstreamHeaders[2], ['x-authenticated-scope', 'a%00b %C3%BC %250d'])
  })

  for (const [place, request, bad, consumed] of [
    ['headerKey', { headers: key }, { headers: { 'x-shop-key': 'bad' } }, 'consumedHeaders'],
    ['queryKey', { query: 'api_key=good-acme' }, { query: 'api_key=bad' }, 'consumedQuery'],
    [
      'cookieKey',
      { headers: { cookie: 'shop=good-acme' } },
      { headers: { cookie: 'shop=bad' } },
      'consumedCookies',
    ],
  ] as const) {
    it(`is all that goes on to the service of a ${place}, not the key itself`, async () => {
      const scheme = schemes[place] as Extract<SecurityScheme, { kind: 'apiKey' }>
      for (const sent of [request, bad]) {
        const { exchange } = await ask(needs([place]), sent)
        assert.deepEqual(exchange[consumed], [scheme.name.toLowerCase()])
      }
    })
  }
})

describe('waiting for a verdict', () => {
  it('keeps the order of the credentials when some of them come later', async () => {
    const later = { verify: async (presented: string) => exampleApiKeys.verify(presented) }
    const test = { ...needs(['headerKey', 'bearer']), services: { apiKeys: later } }
    assert.equal((await ask(test, { headers: { ...key, ...bearer } })).who, 'https://id.example|ada')
    const { verdict } = await ask(test, { headers: { 'x-shop-key': 'bad', ...bearer } })
    assert.deepEqual(challengesOf(verdict)[1], 'Bearer realm="gateward"')
  })

  it('does not wait where everything is known', () => {
    const verdict = compileTestGuard(needs(['headerKey'], ['bearer'])).guard?.onRequest?.(
      openTestExchange({ headers: bearer }),
    )
    assert.ok(!(verdict instanceof Promise))
  })
})
