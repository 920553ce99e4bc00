import {
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import {
  startProviderServer,
  strictBase64,
  type GivenAnswer,
  type ProviderServer,
  type ReceivedRequest,
} from './server-testing.ts'

/** The credentials that the KMS of tests takes. */
export const awsCredentials = { id: 'AKIATESTTESTTESTTEST', secret: 'test/secret+access/key' } as const

/** AWS KMS as its API reference describes Encrypt and Decrypt, with Signature Version 4 verified to the letter. */
export async function startAwsKms(keys: readonly string[]): Promise<ProviderServer> {
  const material = new Map(keys.map((arn) => [arn, createSecretKey(randomBytes(32))]))
  return startProviderServer((request) => {
    const { method, path, headers, body } = request
    if (method !== 'POST' || path !== '/') return fail('UnknownOperationException', '')
    if (headers['content-type'] !== 'application/x-amz-json-1.1') return fail('SerializationException', '')
    if (!isSigned(request)) return fail('InvalidSignatureException', 'the signature does not match')
    const members = JSON.parse(body) as Readonly<Record<string, unknown>>
    const key = material.get(String(members['KeyId']))
    if (key === undefined) return fail('NotFoundException', 'no such key')
    const context = Buffer.from(JSON.stringify(members['EncryptionContext'] ?? {}))
    const target = headers['x-amz-target']
    if (target === 'TrentService.Encrypt') return encrypt(key, members, context)
    return target === 'TrentService.Decrypt'
      ? decrypt(key, members, context)
      : fail('UnknownOperationException', String(target))
  })
}

function encrypt(key: KeyObject, members: Readonly<Record<string, unknown>>, context: Buffer): GivenAnswer {
  const plaintext = strictBase64(members['Plaintext'])
  if (plaintext === undefined || plaintext.length === 0 || plaintext.length > 4_096)
    return fail('ValidationException', 'Plaintext')
  const blob = encryptGcm(key, plaintext, context).toString('base64')
  return { status: 200, json: { CiphertextBlob: blob, KeyId: members['KeyId'] } }
}

function decrypt(key: KeyObject, members: Readonly<Record<string, unknown>>, context: Buffer): GivenAnswer {
  const message = strictBase64(members['CiphertextBlob'])
  if (message === undefined) return fail('SerializationException', 'not base64')
  const plaintext = decryptGcm(key, message, context)
  if (plaintext === undefined) return fail('InvalidCiphertextException', '')
  return { status: 200, json: { Plaintext: plaintext.toString('base64'), KeyId: members['KeyId'] } }
}

function fail(type: string, message: string): GivenAnswer {
  return { status: 400, json: { __type: type, message } }
}

/** Signature Version 4: the canonical request, hashed, under a key derived from date, region and service. */
function isSigned({ method, url, headers, body }: ReceivedRequest): boolean {
  const [, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (!headers.authorization?.includes(`Credential=${awsCredentials.id}/`)) return false
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => names.split(';').includes(name))) return false
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const canonical = [method, url.pathname, '', signed.join(''), names, sha256(body)].join('\n')
  const date = String(headers['x-amz-date'])
  const [day = '', region = '', service = ''] = scope.split('/')
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${awsCredentials.secret}`),
  )
  const expected = hmac(key, text)
  return service === 'kms' && date.startsWith(day) && timingSafeEqual(expected, Buffer.from(signature, 'hex'))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
