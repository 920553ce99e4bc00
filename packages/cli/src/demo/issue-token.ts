import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'

/** The demo's own issuer of access tokens: a key made at start, its public half in a JWK Set. */
export interface DemoIssuer {
  readonly issuer: string
  readonly audience: string
  readonly jwks: { readonly keys: readonly JWK[] }
  /** An access token (RFC 9068) for a subject, good for one hour. */
  issue(subject: string, scope: string): Promise<string>
}

const issuer = 'https://id.demo.gateward.dev'
const audience = 'orders'

/** Makes a new ES256 key; tokens of an earlier start are worth nothing then. */
export async function createDemoIssuer(): Promise<DemoIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const key = { ...(await exportJWK(publicKey)), kid: 'demo-1', alg: 'ES256', use: 'sig' }
  return {
    issuer,
    audience,
    jwks: { keys: [key] },
    issue: (subject, scope) =>
      new SignJWT({ scope, client_id: 'demo', name: 'Ada Lovelace' })
        .setProtectedHeader({ alg: 'ES256', kid: 'demo-1', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('1h')
        .setJti(crypto.randomUUID())
        .sign(privateKey),
  }
}
