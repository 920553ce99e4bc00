import { Fault, Secret, type Clock } from '@gateward/kernel'
import { createSecretKey } from 'node:crypto'
import { createAwsKey } from './aws-kms.ts'
import { createAzureKey } from './azure-key-vault.ts'
import { createGoogleKey } from './google-kms.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { defaultKeyFile, openKeyFile } from './key-file.ts'
import { createLocalKey } from './local-key.ts'
import { openPassphraseKey } from './passphrase.ts'
import { createPkcs11Key } from './pkcs11/pkcs11.ts'
import type { ProviderSettings } from './settings.ts'
import { createVaultKey } from './vault.ts'

/** What providers need besides their settings. */
export interface ProviderContext {
  readonly data: string
  /** The ids of key-encryption keys that wrapped what is there; empty where there is nothing yet. */
  readonly known: readonly string[]
  /** Whether a key file that is missing is made: not where there is something that the new one could not unwrap. */
  readonly mayCreate: boolean
  readonly clock: Clock
}

/**
 * Opens the key-encryption key of a configuration. Providers over a network and tokens are not asked yet.
 *
 * @throws Fault `KEK_UNUSABLE`
 */
export async function openProvider(
  settings: ProviderSettings,
  { data, known, mayCreate, clock }: ProviderContext,
): Promise<KeyEncryptionKey> {
  switch (settings.kind) {
    case 'file':
      return openKeyFile(settings.path ?? defaultKeyFile(data), mayCreate)
    case 'key':
      return createLocalKey('key', new Secret(createSecretKey(toKeyBytes(settings.secret))))
    case 'passphrase':
      return openPassphraseKey(settings.secret, known)
    case 'vault':
      return createVaultKey(settings)
    case 'aws':
      return createAwsKey(settings)
    case 'google':
      return createGoogleKey(settings, clock)
    case 'azure':
      return createAzureKey(settings, clock)
    case 'pkcs11':
      return createPkcs11Key(settings)
  }
}

function toKeyBytes(secret: Secret): Buffer {
  const text = secret.reveal().trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  throw new Fault(
    'KEK_UNUSABLE',
    'the key-encryption key is not 32 bytes in hexadecimal or base64; make one: openssl rand -hex 32',
    { source: 'gateway' },
  )
}
