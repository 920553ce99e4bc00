import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { askProvider, refused, textOf, unavailable, type ProviderAnswer } from './provider-request.ts'
import type { VaultSettings } from './settings.ts'

/** The Transit engine of HashiCorp Vault or OpenBao; the context is its associated data. */
export function createVaultKey({ url, mount, key, namespace, token }: VaultSettings): KeyEncryptionKey {
  const base = `${url.replace(/\/+$/, '')}/v1/${mount}`
  const id = `vault:${new URL(url).host}/${mount}/${key}`
  const ask = (operation: 'encrypt' | 'decrypt', members: Readonly<Record<string, string>>) =>
    askProvider({
      provider: 'Vault',
      url: `${base}/${operation}/${encodeURIComponent(key)}`,
      headers: {
        'content-type': 'application/json',
        'x-vault-token': token.reveal(),
        'x-vault-request': 'true',
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      body: JSON.stringify(members),
    })
  return {
    id,
    async wrap(material, context) {
      const answer = await ask('encrypt', {
        plaintext: Buffer.from(material).toString('base64'),
        associated_data: Buffer.from(context).toString('base64'),
      })
      if (answer.status !== 200) throw unavailable(`${id} does not encrypt: ${errorsOf(answer)}`)
      return textOf(dataOf(answer), 'ciphertext', 'Vault')
    },
    async unwrap(wrapped, context) {
      const answer = await ask('decrypt', {
        ciphertext: wrapped,
        associated_data: Buffer.from(context).toString('base64'),
      })
      if (answer.status === 400) throw refused(id, context)
      if (answer.status !== 200) throw unavailable(`${id} does not decrypt: ${errorsOf(answer)}`)
      return Buffer.from(textOf(dataOf(answer), 'plaintext', 'Vault'), 'base64')
    },
  }
}

function dataOf({ json }: ProviderAnswer): Readonly<Record<string, unknown>> {
  const data = json['data']
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {}
}

function errorsOf({ status, json }: ProviderAnswer): string {
  const errors = Array.isArray(json['errors']) ? json['errors'].map(String).join('; ').slice(0, 300) : ''
  return `${status} ${errors}`.trim()
}
