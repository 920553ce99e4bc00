import { createSecretKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import {
  startProviderServer,
  strictBase64,
  type GivenAnswer,
  type ProviderServer,
  type ReceivedRequest,
} from './server-testing.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** The JSON key of a service account, whose tokens are had from `url`. */
export function googleAccount(url: string): string {
  return JSON.stringify({
    type: 'service_account',
    client_email: 'gate@test.iam.gserviceaccount.com',
    private_key_id: 'k1',
    private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    token_uri: `${url}/token`,
  })
}

/** Cloud KMS, its token endpoint and a metadata server in one, as their references describe them. */
export async function startGoogle(keys: readonly string[]): Promise<ProviderServer> {
  const material = new Map(keys.map((name) => [name, createSecretKey(randomBytes(32))]))
  const tokens = new Set<string>()
  const issue = (): GivenAnswer => {
    const token = randomBytes(12).toString('hex')
    tokens.add(token)
    return { status: 200, json: { access_token: token, expires_in: 3_600, token_type: 'Bearer' } }
  }
  return startProviderServer((request) => {
    const { method, path, headers, body } = request
    if (path === '/token') return isAssertion(request) ? issue() : fail(400, 'invalid_grant')
    if (path === '/computeMetadata/v1/instance/service-accounts/default/token')
      return method === 'GET' && headers['metadata-flavor'] === 'Google' ? issue() : fail(403, 'no flavor')
    if (!tokens.has(headers.authorization?.replace(/^Bearer /, '') ?? '')) return fail(401, 'no credentials')
    const [, name = '', operation] = /^\/v1\/(projects\/.+):(encrypt|decrypt)$/.exec(path) ?? []
    const key = material.get(name)
    if (key === undefined || method !== 'POST') return fail(404, 'no such key')
    const members = JSON.parse(body) as Readonly<Record<string, unknown>>
    const associated = strictBase64(members['additionalAuthenticatedData'] ?? '')
    const input = strictBase64(members[operation === 'encrypt' ? 'plaintext' : 'ciphertext'])
    if (associated === undefined || input === undefined) return fail(400, 'not base64')
    if (operation === 'encrypt')
      return {
        status: 200,
        json: { name, ciphertext: encryptGcm(key, input, associated).toString('base64') },
      }
    const plaintext = decryptGcm(key, input, associated)
    if (plaintext === undefined) return fail(400, 'Decryption failed')
    return { status: 200, json: { plaintext: plaintext.toString('base64') } }
  })
}

function fail(code: number, message: string): GivenAnswer {
  return { status: code, json: { error: { code, message } } }
}

/** RFC 7523: the form, the signature and the claims of an assertion. */
function isAssertion({ url, headers, body }: ReceivedRequest): boolean {
  const form = new URLSearchParams(body)
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return false
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return false
  const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
  if (!verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')))
    return false
  const { aud, exp, iat, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    readonly aud: string
    readonly exp: number
    readonly iat: number
    readonly scope: string
  }
  const isTimely = exp > iat && exp - iat <= 3_600
  return isTimely && aud === url.href && scope === 'https://www.googleapis.com/auth/cloudkms'
}
