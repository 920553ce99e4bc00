import { ManualClock, type Diagnostic } from '@gateward/kernel'
import type { Operation, SecurityAlternative, SecurityScheme } from '@gateward/openapi'
import { generateKeyPairSync, sign, type KeyObject, type webcrypto } from 'node:crypto'
import type { Exchange } from '../../exchange/exchange.ts'
import type { ApiKeyStanding, ApiKeyVerdict } from '../../keyring/api-keys.ts'
import type { IssuerKeys } from '../../keyring/issuer-keys.ts'
import { readJsonWebKeySet } from '../../keyring/json-web-key-set.ts'
import type { Guard, GuardInput, GuardServices, Verdict } from '../guard.ts'
import { authenticationGuard } from './guard.ts'
import { authenticationSettings, type AuthenticationSettings } from './settings.ts'

/** The moment at which the tests of authentication happen, seconds since the Unix epoch. */
export const testNow = 1_700_000_000

/** An issuer with one key pair per algorithm, as the tests use it. */
export class TestIssuer {
  readonly name: string
  readonly keys: Readonly<Record<string, KeyPair>>

  constructor(name = 'https://id.example') {
    this.name = name
    this.keys = { RS256: rsaPair, PS256: rsaPair, ES256: ecPair, EdDSA: edPair }
  }

  /** The public set, each key under its algorithm's name as key id. */
  get jwks(): { readonly keys: readonly webcrypto.JsonWebKey[] } {
    return {
      keys: Object.entries(this.keys).map(([algorithm, { publicKey }]) =>
        Object.assign(publicKey.export({ format: 'jwk' }), { kid: algorithm, alg: algorithm, use: 'sig' }),
      ),
    }
  }

  /** Claims that are accepted as they are. */
  claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return {
      iss: this.name,
      aud: 'shop',
      sub: 'ada',
      exp: testNow + 600,
      iat: testNow,
      scope: 'orders:read orders:write',
      ...changes,
    }
  }

  /** A signed access token; changes go over header and claims that are accepted. */
  token(
    changes: {
      readonly algorithm?: string
      readonly header?: Readonly<Record<string, unknown>>
      readonly claims?: Readonly<Record<string, unknown>>
    } = {},
  ): string {
    const algorithm = changes.algorithm ?? 'ES256'
    const header = { alg: algorithm, kid: algorithm, typ: 'at+jwt', ...changes.header }
    return this.sign(JSON.stringify(header), JSON.stringify(this.claims(changes.claims)), algorithm)
  }

  /** Signs any two texts, well-formed or not. */
  sign(header: string, payload: string, algorithm = 'ES256'): string {
    const input = `${encode(header)}.${encode(payload)}`
    const pair = this.keys[algorithm] as KeyPair
    return `${input}.${signWith(pair.privateKey, algorithm, input).toString('base64url')}`
  }
}

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const edPair = generateKeyPairSync('ed25519')

/** Base64url of a text. */
export function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function signWith(key: KeyObject, algorithm: string, input: string): Buffer {
  if (algorithm === 'EdDSA') return sign(null, Buffer.from(input), key)
  if (algorithm === 'ES256') return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}
  return sign('sha256', Buffer.from(input), { key, ...padding })
}

/** Issuers' keys that are just there. */
export function fixedIssuerKeys(jwks: unknown): IssuerKeys {
  const index = readJsonWebKeySet(JSON.stringify(jwks))
  return {
    open: () => ({ find: (kid, algorithm) => index.find(kid, algorithm) }),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** API keys `good-<consumer>`; everything else is unknown. */
export const exampleApiKeys = {
  verify(presented: string): ApiKeyVerdict {
    const consumer = /^good-(\w+)$/.exec(presented)?.[1]
    if (consumer === undefined) return { kind: 'refused', refusal: 'unknown' }
    return { kind: 'known', key: exampleStanding(consumer) }
  },
}

function exampleStanding(consumer: string): ApiKeyStanding {
  return {
    id: `key_${consumer}`,
    display: 'gw_test_7Hk2…',
    consumer,
    label: `The ${consumer}`,
    tier: 'free',
    scopes: new Set(['orders:read']),
    roles: new Set(['buyer']),
    attributes: { region: 'eu' },
    expiresAt: Number.MAX_SAFE_INTEGER,
  }
}

/** What a test says of the guard it wants; the rest is an operation that declares nothing, and the example keys. */
export interface TestGuard {
  readonly settings?: Record<string, unknown>
  readonly security?: readonly SecurityAlternative[] | undefined
  readonly schemes?: Readonly<Record<string, SecurityScheme>>
  readonly extension?: Readonly<Record<string, unknown>>
  readonly withoutContract?: boolean
  readonly unmatched?: boolean
  readonly services?: Partial<GuardServices>
}

/** Compiles the guard; what it reports is there beside it. */
export function compileTestGuard(test: TestGuard = {}): {
  readonly guard: Guard | undefined
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const input: GuardInput<AuthenticationSettings> = {
    settings: authenticationSettings.parse(test.settings ?? {}),
    api: 'shop',
    family: 'shop',
    operation: test.withoutContract === true ? undefined : exampleOperation(test),
    unmatched: test.unmatched ?? false,
    securitySchemes: new Map(Object.entries(test.schemes ?? {})),
    services: { ...exampleServices, ...test.services } as GuardServices,
    report: (diagnostic) => diagnostics.push(diagnostic),
  }
  return { guard: authenticationGuard.compile(input), diagnostics }
}

/** Asks the guard about an exchange. */
export async function decide(guard: Guard | undefined, exchange: Exchange): Promise<Verdict> {
  if (guard?.onRequest === undefined) throw new TypeError('the guard has nothing to ask')
  return guard.onRequest(exchange)
}

const exampleServices = {
  clock: new ManualClock(testNow * 1_000),
  apiKeys: exampleApiKeys,
  issuerKeys: fixedIssuerKeys(new TestIssuer().jwks),
  anonymousByDefault: false,
  environment: 'test',
}

function exampleOperation({ security, extension }: TestGuard): Operation {
  const position = { file: 'shop.yaml', line: 212, column: 9 }
  return {
    id: 'getInvoice',
    method: 'GET',
    template: '/invoices/{id}',
    security,
    deprecated: false,
    parameters: {
      empty: true,
      classified: [],
      declared: [],
      read: () => ({ path: {}, query: {}, header: {}, cookie: {}, violations: [] }),
    },
    requestBody: undefined,
    fields: [],
    response: () => undefined,
    responses: [],
    extension,
    extensionPosition: extension === undefined ? undefined : position,
    position,
  }
}
