import { Secret, type Clock } from '@gateward/kernel'
import { createSecretKey, randomBytes } from 'node:crypto'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import { associatedData } from '../crypto/associated-data.ts'
import { AccessToken, type IssuedToken } from './access-token.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { askProvider, refused, textOf, unavailable, type ProviderAnswer } from './provider-request.ts'
import type { AzureSettings } from './settings.ts'

/**
 * An RSA key of Azure Key Vault. Its wrapping binds no context, so it wraps a key of one use (RSA-OAEP-256), and that one
 * the material, with AES-256-GCM and the context: `<wrapped key>.<message>`.
 */
export function createAzureKey(settings: AzureSettings, clock: Clock): KeyEncryptionKey {
  const { key } = settings
  const id = `azure:${key.replace(/^https?:\/\//, '')}`
  const token = new AccessToken(() => issueToken(settings), clock)
  const ask = async (operation: 'wrapkey' | 'unwrapkey', value: string) =>
    askProvider({
      provider: 'Azure Key Vault',
      url: `${key.replace(/\/+$/, '')}/${operation}?api-version=7.4`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${(await token.get()).reveal()}`,
      },
      body: JSON.stringify({ alg: 'RSA-OAEP-256', value }),
    })
  return {
    id,
    async wrap(material, context) {
      const single = randomBytes(32)
      const answer = await ask('wrapkey', single.toString('base64url'))
      if (answer.status !== 200) throw unavailable(`${id} does not wrap: ${errorOf(answer)}`)
      const message = encryptGcm(createSecretKey(single), material, associatedData(context))
      single.fill(0)
      return `${textOf(answer.json, 'value', 'Azure Key Vault')}.${message.toString('base64url')}`
    },
    async unwrap(wrapped, context) {
      const [value = '', encoded = ''] = wrapped.split('.')
      const message = Buffer.from(encoded, 'base64url')
      if (value === '' || message.toString('base64url') !== encoded) throw refused(id, context)
      const answer = await ask('unwrapkey', value)
      if (answer.status === 400) throw refused(id, context)
      if (answer.status !== 200) throw unavailable(`${id} does not unwrap: ${errorOf(answer)}`)
      const single = Buffer.from(textOf(answer.json, 'value', 'Azure Key Vault'), 'base64url')
      const material =
        single.length === 32
          ? decryptGcm(createSecretKey(single), message, associatedData(context))
          : undefined
      if (material === undefined) throw refused(id, context)
      return material
    },
  }
}

/** RFC 6749 section 4.4: client credentials. */
async function issueToken({ authority, tenant, client, secret, key }: AzureSettings): Promise<IssuedToken> {
  const answer = await askProvider({
    provider: 'Microsoft Entra',
    url: `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: secret.reveal(),
      scope: `${scopeOf(key)}/.default`,
    }).toString(),
  })
  if (answer.status !== 200) throw unavailable(`Microsoft Entra gives no access token: ${errorOf(answer)}`)
  const expiresIn = answer.json['expires_in']
  return {
    token: new Secret(textOf(answer.json, 'access_token', 'Microsoft Entra')),
    expiresIn: typeof expiresIn === 'number' ? expiresIn : 0,
  }
}

/** The audience of tokens: a managed HSM has another than a vault. */
function scopeOf(key: string): string {
  return new URL(key).hostname.endsWith('.managedhsm.azure.net')
    ? 'https://managedhsm.azure.net'
    : 'https://vault.azure.net'
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
