import { Secret, systemClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { awsCredentials, startAwsKms } from './aws-testing.ts'
import { createAwsKey } from './aws-kms.ts'
import { azureClient, startAzure } from './azure-testing.ts'
import { createAzureKey } from './azure-key-vault.ts'
import { createGoogleKey } from './google-kms.ts'
import { googleAccount, startGoogle } from './google-testing.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'
import { obeysTheLawsOfKeyEncryptionKeys } from './key-encryption-key.contract.ts'
import { openProvider } from './open-provider.ts'
import type { ProviderServer } from './server-testing.ts'
import { providerSettings } from './settings.ts'
import { createVaultKey } from './vault.ts'
import { startVault, vaultToken } from './vault-testing.ts'

interface NetworkProvider {
  readonly name: string
  start(): Promise<ProviderServer>
  /** @param credential another credential than the right one */
  open(server: ProviderServer, key: 0 | 1, credential?: string): KeyEncryptionKey
}

const arns = [0, 1].map((number) => `arn:aws:kms:eu-central-1:111122223333:key/${number}`)
const googleKeys = [0, 1].map((number) => `projects/p/locations/l/keyRings/r/cryptoKeys/k${number}`)
const azureKeys = ['gate/0a', 'gate/0b']

const google = (credentials: (server: ProviderServer, other?: string) => Secret | undefined) => ({
  start: () => startGoogle(googleKeys),
  open: (server: ProviderServer, key: 0 | 1, credential?: string) =>
    createGoogleKey(
      {
        kind: 'google',
        key: googleKeys[key] ?? '',
        endpoint: server.url,
        metadata: credential === undefined ? server.url : `${server.url}/elsewhere`,
        credentials: credentials(server, credential),
      },
      systemClock,
    ),
})

const providers: readonly NetworkProvider[] = [
  {
    name: 'Vault Transit',
    start: () => startVault(['gate', 'other']),
    open: ({ url }, key, credential = vaultToken) =>
      createVaultKey({
        kind: 'vault',
        url,
        key: key === 0 ? 'gate' : 'other',
        mount: 'transit',
        token: new Secret(credential),
      }),
  },
  {
    name: 'AWS KMS',
    start: () => startAwsKms(arns),
    open: ({ url }, key, credential: string = awsCredentials.secret) =>
      createAwsKey({
        kind: 'aws',
        key: arns[key] ?? '',
        region: 'eu-central-1',
        endpoint: url,
        accessKeyId: new Secret(awsCredentials.id),
        secretAccessKey: new Secret(credential),
      }),
  },
  {
    name: 'Google Cloud KMS, by a service account',
    ...google(({ url }, other) => new Secret(other ?? googleAccount(url))),
  },
  { name: 'Google Cloud KMS, by the metadata server', ...google(() => undefined) },
  {
    name: 'Azure Key Vault',
    start: () => startAzure(azureKeys),
    open: ({ url }, key, credential: string = azureClient.secret) =>
      createAzureKey(
        {
          kind: 'azure',
          key: `${url}/keys/${azureKeys[key] ?? ''}`,
          authority: url,
          tenant: azureClient.tenant,
          client: azureClient.id,
          secret: new Secret(credential),
        },
        systemClock,
      ),
  },
]

for (const provider of providers) {
  obeysTheLawsOfKeyEncryptionKeys(provider.name, async () => {
    const server = await provider.start()
    return {
      open: async () => provider.open(server, 0),
      openOther: async () => provider.open(server, 1),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  })

  describe(`${provider.name} that cannot be used`, () => {
    it('is unavailable with a wrong credential, and says so without showing it', async () => {
      await using server = await provider.start()
      const kek = provider.open(server, 0, 'wrong-credential')
      await assert.rejects(kek.wrap(Buffer.alloc(32), 'c'), (thrown: unknown) => {
        assert.ok(thrown instanceof Error && 'code' in thrown)
        assert.equal(thrown.code, 'KEK_UNAVAILABLE')
        return !thrown.message.includes('wrong-credential')
      })
    })

    it('is unavailable where nobody listens, and usable again afterwards', async () => {
      const server = await provider.start()
      const kek = provider.open(server, 0)
      const wrapped = await kek.wrap(Buffer.alloc(32), 'c')
      await server[Symbol.asyncDispose]()
      await assert.rejects(kek.unwrap(wrapped, 'c'), { code: 'KEK_UNAVAILABLE', retryable: true })
    })
  })
}

describe('providers over a network', () => {
  it('end a wait at their deadline', { timeout: 30_000 }, async () => {
    await using server = await startVault(['gate'])
    server.silent = true
    const kek = providers[0]?.open(server, 0)
    await assert.rejects(async () => kek?.wrap(Buffer.alloc(32), 'c'), {
      code: 'KEK_UNAVAILABLE',
      message: /no answer in 10 s/,
    })
  })

  it('are opened by their settings', async () => {
    await using server = await startVault(['gate'])
    process.env['GATEWARD_TEST_TOKEN'] = vaultToken
    const { withReferences } = await import('../../settings/references.ts')
    const settings = withReferences({ env: process.env, directory: '.' }, () =>
      providerSettings.parse({
        kind: 'vault',
        url: server.url,
        key: 'gate',
        token: 'env:GATEWARD_TEST_TOKEN',
      }),
    )
    const kek = await openProvider(settings, { data: '.', known: [], mayCreate: false, clock: systemClock })
    assert.deepEqual(await kek.unwrap(await kek.wrap(Buffer.of(1, 2), 'c'), 'c'), Buffer.of(1, 2))
  })
})
