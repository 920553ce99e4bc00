import { z } from 'zod'
import { path, secret } from '../../settings/references.ts'

/** An address that keys may be sent to and had from: https, or plain http to this machine itself. */
function address() {
  return z.string().refine(isTrustworthy, {
    error: 'write an https URL without a password; plain http only to 127.0.0.1 or localhost',
  })
}

function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  )
}

const fileProvider = z.strictObject({
  kind: z.literal('file').describe('A file of 32 bytes, made at the first start.'),
  path: path().optional().describe('Where it is; without it, `keyring/key-encryption-key` in `data`.'),
})

const keyProvider = z.strictObject({
  kind: z.literal('key').describe('A key from a secret store or the environment.'),
  secret: secret().describe('32 random bytes in hexadecimal or base64: openssl rand -hex 32.'),
})

const passphraseProvider = z.strictObject({
  kind: z.literal('passphrase').describe('A key made from a passphrase (Argon2id, RFC 9106).'),
  secret: secret().describe('The passphrase, of at least 16 characters.'),
})

const vaultProvider = z.strictObject({
  kind: z.literal('vault').describe('The Transit engine of HashiCorp Vault or OpenBao.'),
  url: address().describe('Where the server is, such as https://vault.example:8200.'),
  key: z
    .string()
    .regex(/^[\w.-]{1,128}$/, { error: 'write the name of a key, of letters, digits, ., - and _' })
    .describe('The name of a Transit key of type aes256-gcm96 or chacha20-poly1305.'),
  mount: z
    .string()
    .regex(/^[\w./-]{1,128}$/, { error: 'write the path of the engine, such as transit' })
    .default('transit')
    .describe('Where the engine is mounted.'),
  namespace: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('The namespace of the engine, where there are any.'),
  token: secret().describe('A token that may encrypt and decrypt with the key.'),
})

const awsProvider = z.strictObject({
  kind: z.literal('aws').describe('AWS KMS.'),
  key: z.string().min(1).max(2_048).describe('The ARN of a symmetric key.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: 'write a region such as eu-central-1' })
    .describe('The region of the key.'),
  endpoint: address()
    .optional()
    .describe('Another address than kms.<region>.amazonaws.com, such as a VPC endpoint.'),
  accessKeyId: secret().describe('The id of the access key.'),
  secretAccessKey: secret().describe('The access key.'),
  sessionToken: secret().optional().describe('The session token of temporary credentials.'),
})

const googleProvider = z.strictObject({
  kind: z.literal('google').describe('Google Cloud KMS.'),
  key: z
    .string()
    .regex(/^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/, {
      error: 'write projects/…/locations/…/keyRings/…/cryptoKeys/…',
    })
    .describe('The resource name of a symmetric key.'),
  endpoint: address().default('https://cloudkms.googleapis.com').describe('The address of the API.'),
  credentials: secret()
    .optional()
    .describe('The JSON key of a service account; without it, the metadata server of the machine is asked.'),
  metadata: z
    .string()
    .regex(/^http:\/\/[\w.:[\]-]{1,253}$/, { error: 'write http:// and a host' })
    .default('http://metadata.google.internal')
    .describe('The address of the metadata server.'),
})

const azureProvider = z.strictObject({
  kind: z.literal('azure').describe('Azure Key Vault or Managed HSM.'),
  key: address().describe(
    'The identifier of an RSA key with its version: https://<vault>.vault.azure.net/keys/<name>/<version>.',
  ),
  authority: address().default('https://login.microsoftonline.com').describe('Where tokens are had.'),
  tenant: z
    .string()
    .regex(/^[\w.-]{1,128}$/, { error: 'write the id or name of the tenant' })
    .describe('The tenant of the application.'),
  client: z
    .string()
    .regex(/^[\w.-]{1,128}$/, { error: 'write the id of the application' })
    .describe('The id of the application that may wrap and unwrap with the key.'),
  secret: secret().describe('The client secret of the application.'),
})

const pkcs11Provider = z.strictObject({
  kind: z
    .literal('pkcs11')
    .describe('An AES key in a hardware security module, or another token, by PKCS#11.'),
  module: z
    .string()
    .regex(/^\//, { error: "write the absolute path of the token's library" })
    .describe(
      "The token's library, such as /usr/lib/softhsm/libsofthsm2.so. It runs in a process of its own.",
    ),
  token: z.string().min(1).max(32).describe('The label of the token.'),
  serial: z
    .string()
    .min(1)
    .max(16)
    .optional()
    .describe('The serial number of the token, where more than one has that label.'),
  key: z
    .string()
    .min(1)
    .max(128)
    .describe('The label of an AES key that may encrypt and decrypt (CKM_AES_GCM) and cannot be read out.'),
  pin: secret().describe(
    "The user's PIN. One that the token refuses is not tried again before a restart or reload.",
  ),
})

/** Where the key-encryption key is: one of the kinds of provider. */
export const providerSettings = z.discriminatedUnion('kind', [
  fileProvider,
  keyProvider,
  passphraseProvider,
  vaultProvider,
  awsProvider,
  googleProvider,
  azureProvider,
  pkcs11Provider,
])

export type ProviderSettings = z.output<typeof providerSettings>
export type VaultSettings = z.output<typeof vaultProvider>
export type AwsSettings = z.output<typeof awsProvider>
export type GoogleSettings = z.output<typeof googleProvider>
export type AzureSettings = z.output<typeof azureProvider>
export type Pkcs11Settings = z.output<typeof pkcs11Provider>
