import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import { startProviderServer, strictBase64, type GivenAnswer, type ProviderServer } from './server-testing.ts'

/** The token that the Vault of tests takes. */
export const vaultToken = 'hvs.test-token'

/** A Transit engine as its API documentation describes it: aes256-gcm96 keys with associated data. */
export async function startVault(keys: readonly string[]): Promise<ProviderServer> {
  const material = new Map(keys.map((name) => [name, createSecretKey(randomBytes(32))]))
  return startProviderServer(({ method, path, headers, body }) => {
    if (headers['x-vault-token'] !== vaultToken) return fail(403, 'permission denied')
    const [, operation, name = ''] = /^\/v1\/transit\/(encrypt|decrypt)\/([\w.-]+)$/.exec(path) ?? []
    if (operation === undefined || method !== 'POST') return fail(404, 'no handler for route')
    const key = material.get(name)
    if (key === undefined) return fail(400, 'encryption key not found')
    const members = JSON.parse(body) as Readonly<Record<string, unknown>>
    const associated = strictBase64(members['associated_data'] ?? '')
    if (associated === undefined) return fail(400, 'failed to base64-decode associated_data')
    return operation === 'encrypt' ? encrypt(key, members, associated) : decrypt(key, members, associated)
  })
}

function encrypt(
  key: KeyObject,
  members: Readonly<Record<string, unknown>>,
  associated: Buffer,
): GivenAnswer {
  const plaintext = strictBase64(members['plaintext'])
  if (plaintext === undefined) return fail(400, 'failed to base64-decode plaintext')
  const ciphertext = `vault:v1:${encryptGcm(key, plaintext, associated).toString('base64')}`
  return { status: 200, json: { request_id: 'r', data: { ciphertext, key_version: 1 } } }
}

function decrypt(
  key: KeyObject,
  members: Readonly<Record<string, unknown>>,
  associated: Buffer,
): GivenAnswer {
  const [, encoded] = /^vault:v1:(.+)$/.exec(String(members['ciphertext'])) ?? []
  const message = strictBase64(encoded)
  if (message === undefined) return fail(400, 'invalid ciphertext: no prefix')
  const plaintext = decryptGcm(key, message, associated)
  if (plaintext === undefined) return fail(400, 'cipher: message authentication failed')
  return { status: 200, json: { request_id: 'r', data: { plaintext: plaintext.toString('base64') } } }
}

function fail(status: number, error: string): GivenAnswer {
  return { status, json: { errors: [error] } }
}
