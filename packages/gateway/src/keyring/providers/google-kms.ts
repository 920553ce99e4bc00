import { Secret, type Clock } from '@gateward/kernel'
import { createPrivateKey, sign } from 'node:crypto'
import { z } from 'zod'
import { AccessToken, type IssuedToken } from './access-token.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { askProvider, refused, textOf, unavailable, type ProviderAnswer } from './provider-request.ts'
import type { GoogleSettings } from './settings.ts'

/** A symmetric key of Google Cloud KMS; the context is its additional authenticated data. */
export function createGoogleKey(settings: GoogleSettings, clock: Clock): KeyEncryptionKey {
  const { key, endpoint } = settings
  const id = `google:${key}`
  const token = new AccessToken(() => issueToken(settings, clock), clock)
  const ask = async (operation: 'encrypt' | 'decrypt', members: Readonly<Record<string, string>>) =>
    askProvider({
      provider: 'Google Cloud KMS',
      url: `${endpoint.replace(/\/+$/, '')}/v1/${key}:${operation}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${(await token.get()).reveal()}`,
      },
      body: JSON.stringify(members),
    })
  return {
    id,
    async wrap(material, context) {
      const answer = await ask('encrypt', {
        plaintext: Buffer.from(material).toString('base64'),
        additionalAuthenticatedData: Buffer.from(context).toString('base64'),
      })
      if (answer.status !== 200) throw unavailable(`${id} does not encrypt: ${errorOf(answer)}`)
      return textOf(answer.json, 'ciphertext', 'Google Cloud KMS')
    },
    async unwrap(wrapped, context) {
      const answer = await ask('decrypt', {
        ciphertext: wrapped,
        additionalAuthenticatedData: Buffer.from(context).toString('base64'),
      })
      if (answer.status === 400) throw refused(id, context)
      if (answer.status !== 200) throw unavailable(`${id} does not decrypt: ${errorOf(answer)}`)
      return Buffer.from(textOf(answer.json, 'plaintext', 'Google Cloud KMS'), 'base64')
    },
  }
}

function issueToken({ credentials, metadata }: GoogleSettings, clock: Clock): Promise<IssuedToken> {
  return credentials === undefined
    ? askMetadata(metadata)
    : exchangeAssertion(readAccount(credentials), clock)
}

async function askMetadata(metadata: string): Promise<IssuedToken> {
  return toToken(
    await askProvider({
      provider: 'the metadata server',
      method: 'GET',
      url: `${metadata}/computeMetadata/v1/instance/service-accounts/default/token`,
      headers: { 'metadata-flavor': 'Google' },
    }),
  )
}

const accountSchema = z.looseObject({
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
})

type ServiceAccount = z.output<typeof accountSchema>

function readAccount(credentials: Secret): ServiceAccount {
  try {
    return accountSchema.parse(JSON.parse(credentials.reveal()))
  } catch {
    throw unavailable('the credentials for Google are not the JSON key of a service account')
  }
}

/** RFC 7523 section 2.1: a signed assertion for an access token. */
async function exchangeAssertion(account: ServiceAccount, clock: Clock): Promise<IssuedToken> {
  const now = Math.floor(clock.now() / 1_000)
  const header = { alg: 'RS256', typ: 'JWT', kid: account.private_key_id }
  const claims = {
    iss: account.client_email,
    scope: 'https://www.googleapis.com/auth/cloudkms',
    aud: account.token_uri,
    iat: now,
    exp: now + 600,
  }
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(signed), createPrivateKey(account.private_key))
  return toToken(
    await askProvider({
      provider: 'the token endpoint of Google',
      url: account.token_uri,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: `${signed}.${signature.toString('base64url')}`,
      }).toString(),
    }),
  )
}

function toToken(answer: ProviderAnswer): IssuedToken {
  if (answer.status !== 200) throw unavailable(`Google gives no access token: ${errorOf(answer)}`)
  const expiresIn = answer.json['expires_in']
  return {
    token: new Secret(textOf(answer.json, 'access_token', 'Google')),
    expiresIn: typeof expiresIn === 'number' ? expiresIn : 0,
  }
}

function errorOf({ status, json }: ProviderAnswer): string {
  const error = json['error']
  if (typeof error === 'string') return `${status} ${error.slice(0, 300)}`
  const message =
    typeof error === 'object' && error !== null
      ? (error as { readonly message?: unknown }).message
      : undefined
  return `${status} ${typeof message === 'string' ? message.slice(0, 300) : ''}`.trim()
}
