import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import {
  startProviderServer,
  type GivenAnswer,
  type ProviderServer,
  type ReceivedRequest,
} from './server-testing.ts'

/** The application that the vault of tests knows. */
export const azureClient = { tenant: 'test-tenant', id: 'test-client', secret: 'test~secret' } as const

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

/** Key Vault and the token endpoint before it, as their REST references describe them. */
export async function startAzure(keys: readonly string[]): Promise<ProviderServer> {
  const material = new Map(keys.map((name) => [name, generateKeyPairSync('rsa', { modulusLength: 2048 })]))
  const tokens = new Set<string>()
  return startProviderServer((request) => {
    const { method, url, headers, body } = request
    if (url.pathname === `/${azureClient.tenant}/oauth2/v2.0/token`) return issue(request, tokens)
    if (!tokens.has(headers.authorization?.replace(/^Bearer /, '') ?? '')) return fail(401, 'Unauthorized')
    const [, name = '', operation] =
      /^\/keys\/([\w-]+\/[0-9a-f]+)\/(wrapkey|unwrapkey)$/.exec(url.pathname) ?? []
    const pair = material.get(name)
    if (pair === undefined || method !== 'POST' || url.searchParams.get('api-version') !== '7.4')
      return fail(404, 'KeyNotFound')
    const { alg, value } = JSON.parse(body) as { readonly alg: string; readonly value: string }
    const input = Buffer.from(value, 'base64url')
    if (alg !== 'RSA-OAEP-256' || input.toString('base64url') !== value) return fail(400, 'BadParameter')
    try {
      const output =
        operation === 'wrapkey'
          ? publicEncrypt({ key: pair.publicKey, ...oaep }, input)
          : privateDecrypt({ key: pair.privateKey, ...oaep }, input)
      return { status: 200, json: { kid: `${url.origin}/keys/${name}`, value: output.toString('base64url') } }
    } catch {
      return fail(400, 'BadParameter')
    }
  })
}

function issue({ headers, body }: ReceivedRequest, tokens: Set<string>): GivenAnswer {
  const form = new URLSearchParams(body)
  const isRight =
    headers['content-type'] === 'application/x-www-form-urlencoded' &&
    form.get('grant_type') === 'client_credentials' &&
    form.get('client_id') === azureClient.id &&
    form.get('client_secret') === azureClient.secret &&
    form.get('scope') === 'https://vault.azure.net/.default'
  if (!isRight) return { status: 400, json: { error: 'invalid_client' } }
  const token = randomBytes(12).toString('hex')
  tokens.add(token)
  return { status: 200, json: { access_token: token, expires_in: 3_599, token_type: 'Bearer' } }
}

function fail(status: number, code: string): GivenAnswer {
  return { status, json: { error: { code, message: code } } }
}
