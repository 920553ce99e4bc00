import { AwsV4Signer } from 'aws4fetch'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { askProvider, refused, textOf, unavailable, type ProviderAnswer } from './provider-request.ts'
import type { AwsSettings } from './settings.ts'

/** A symmetric key of AWS KMS; the context is its encryption context. */
export function createAwsKey(settings: AwsSettings): KeyEncryptionKey {
  const { key } = settings
  const id = `aws:${key}`
  return {
    id,
    async wrap(material, context) {
      const answer = await ask(settings, 'Encrypt', {
        KeyId: key,
        Plaintext: Buffer.from(material).toString('base64'),
        EncryptionContext: { gateward: context },
      })
      if (answer.status !== 200) throw unavailable(`${id} does not encrypt: ${errorOf(answer)}`)
      return textOf(answer.json, 'CiphertextBlob', 'AWS KMS')
    },
    async unwrap(wrapped, context) {
      // What is no base64 would be refused as a malformed request, which says nothing of the key.
      if (wrapped === '') throw refused(id, context)
      const answer = await ask(settings, 'Decrypt', {
        KeyId: key,
        CiphertextBlob: wrapped,
        EncryptionContext: { gateward: context },
      })
      if (refusals.has(codeOf(answer))) throw refused(id, context)
      if (answer.status !== 200) throw unavailable(`${id} does not decrypt: ${errorOf(answer)}`)
      return Buffer.from(textOf(answer.json, 'Plaintext', 'AWS KMS'), 'base64')
    },
  }
}

const refusals: ReadonlySet<string> = new Set([
  'InvalidCiphertextException',
  'IncorrectKeyException',
  'SerializationException',
])

async function ask(
  { region, endpoint, accessKeyId, secretAccessKey, sessionToken }: AwsSettings,
  operation: 'Encrypt' | 'Decrypt',
  members: Readonly<Record<string, unknown>>,
): Promise<ProviderAnswer> {
  const signer = new AwsV4Signer({
    method: 'POST',
    url: endpoint ?? `https://kms.${region}.amazonaws.com/`,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(members),
    accessKeyId: accessKeyId.reveal(),
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
    service: 'kms',
    region,
  })
  const signed = await signer.sign()
  return askProvider({
    provider: 'AWS KMS',
    url: signed.url.href,
    headers: Object.fromEntries(signed.headers),
    body: JSON.stringify(members),
  })
}

function codeOf({ json }: ProviderAnswer): string {
  const type = json['__type']
  // Some endpoints put the name of the service before it.
  return typeof type === 'string' ? (type.split('#').at(-1) ?? '') : ''
}

function errorOf(answer: ProviderAnswer): string {
  const message = answer.json['message'] ?? answer.json['Message']
  return `${answer.status} ${codeOf(answer)} ${typeof message === 'string' ? message.slice(0, 300) : ''}`.trim()
}
