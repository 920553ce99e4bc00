import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withReferences } from '../../settings/references.ts'
import { authenticationSettings } from './settings.ts'

const issuer = { issuer: 'https://id.example', audience: 'shop', algorithms: ['RS256'] }

function messageOf(settings: unknown): string {
  const parsed = authenticationSettings.safeParse(settings)
  return parsed.success ? 'accepted' : JSON.stringify(parsed.error.issues)
}

describe('the settings of authentication', () => {
  it('accept no token and one header for keys where nothing is written', () => {
    const { issuers, apiKeys, mode, onFault } = authenticationSettings.parse({})
    assert.deepEqual([issuers, apiKeys.headers, mode, onFault], [[], ['x-api-key'], 'enforce', 'refuse'])
  })

  it('fill an issuer with safe defaults', () => {
    const [read] = authenticationSettings.parse({ issuers: [issuer] }).issuers
    assert.deepEqual(
      [read?.audience, read?.tokenType, read?.leeway, read?.maxLifetime, read?.maxSize],
      [['shop'], 'at+jwt', 5_000, 86_400_000, 8_192],
    )
  })

  it('tell keys in a file from keys at a URL', () => {
    const jwks = (text: string) =>
      withReferences({ env: {}, directory: '/etc/gateward' }, () =>
        authenticationSettings.parse({ issuers: [{ ...issuer, jwks: text }] }),
      ).issuers[0]?.jwks
    assert.deepEqual(jwks('./keys.json'), { kind: 'file', location: '/etc/gateward/keys.json' })
    assert.deepEqual(jwks('https://id.example/k'), { kind: 'url', location: 'https://id.example/k' })
  })

  const refused: readonly [name: string, settings: unknown, message: RegExp][] = [
    [
      'HS256',
      { issuers: [{ ...issuer, algorithms: ['RS256', 'HS256'] }] },
      /HS256 is refused: who can verify/,
    ],
    [
      'none',
      { issuers: [{ ...issuer, algorithms: ['none'] }] },
      /none is refused: such a token is not signed/,
    ],
    ['an unknown algorithm', { issuers: [{ ...issuer, algorithms: ['ES256K'] }] }, /one of RS256/],
    ['no algorithm', { issuers: [{ ...issuer, algorithms: [] }] }, /algorithms/],
    ['no audience', { issuers: [{ ...issuer, audience: undefined }] }, /audience/],
    ['an empty audience', { issuers: [{ ...issuer, audience: [] }] }, /audience/],
    ['an issuer twice', { issuers: [issuer, issuer] }, /named twice/],
    ['more than a minute of leeway', { issuers: [{ ...issuer, leeway: '61s' }] }, /60s/],
    ['tokens that live for no time', { issuers: [{ ...issuer, maxLifetime: '0s' }] }, /time to live/],
    [
      'keys from another kind of place',
      { issuers: [{ ...issuer, jwks: 'ftp://id.example/k' }] },
      /an https URL/,
    ],
    ['keys in clear from elsewhere', { issuers: [{ ...issuer, jwks: 'http://id.example/k' }] }, /https URL/],
    ['a password in a URL', { issuers: [{ ...issuer, jwks: 'https://a:b@id.example/k' }] }, /https URL/],
    ['discovery in clear', { issuers: [{ ...issuer, issuer: 'http://id.example' }] }, /discovery/],
    ['discovery of a name', { issuers: [{ ...issuer, issuer: 'acme' }] }, /discovery/],
    ['an unknown setting', { issuers: [{ ...issuer, audiance: 'x' }] }, /audiance/],
    ['a fault that lets pass', { onFault: 'pass' }, /onFault/],
    ['a realm that breaks out of its quotes', { realm: 'a", x="' }, /realm/],
    ['a header that is none', { apiKeys: { headers: ['x key'] } }, /letters, digits/],
  ]
  for (const [name, settings, message] of refused) {
    it(`refuse ${name}`, () => assert.match(messageOf(settings), message))
  }
})
