import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock, toFault, type Clock, type Fault } from '@gateward/kernel'
import type { Configuration } from './config/configuration.ts'
import type { GuardServices } from './guards/guard.ts'
import { createApiKeyManagement, type ApiKeyManagement } from './keyring/api-key-management.ts'
import { openDataKeys, type OpenDataKeys } from './keyring/data-keys/open-data-keys.ts'
import { createIssuerKeys } from './keyring/create-issuer-keys.ts'
import { loadPepper, type Pepper } from './keyring/pepper.ts'
import { defaultKeyFile, openKeyFile } from './keyring/providers/key-file.ts'
import { createMemoryLimiter } from './limiter/limiter-memory.ts'
import { Observer } from './observe/observer.ts'
import { openWatch, type Watch } from './open-watch.ts'
import { openCertificates, type OpenCertificates } from './server/tls/open-certificates.ts'
import type { Certificate } from './server/tls/certificate-source.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'

/** Milliseconds: no API key lives longer than this. */
export const longestKeyLife = 366 * 86_400_000

/** Everything that outlives a reload. */
export interface Parts {
  readonly clock: Clock
  readonly observer: Observer
  readonly store: Store
  readonly pepper: Pepper
  readonly certificates: OpenCertificates
  readonly watch: Watch
  readonly shared: Pick<GuardServices, 'limiter' | 'issuerKeys' | 'dataKeys'>
}

/** Opens them all; `stack` closes them in the reverse order. */
export async function openParts(configuration: Configuration, stack: AsyncDisposableStack): Promise<Parts> {
  const clock = systemClock
  const { data } = configuration
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const observer = stack.use(new Observer(configuration.observe, join(data, 'records'), clock))
  const store = stack.use(await openStore('sqlite', data))
  const watch = openWatch(configuration, { clock, observer, store }, stack)
  const notice = (code: string, message: string): void =>
    observer.noticed({ code, severity: 'warning', message })
  const dataKeys = stack.use(
    await openDataKeyring(data, store, clock, (fault) => notice('data-keys', fault.message)),
  )
  await dataKeys.follow()
  const limiter = stack.use(
    createMemoryLimiter({
      quotas: store.quotas,
      clock,
      onFault: (fault) => notice('quota-store', fault.message),
    }),
  )
  const issuerKeys = stack.use(
    createIssuerKeys({
      clock,
      report: (event) => observer.issuerKeysLoaded(event),
    }),
  )
  const { https } = configuration.listen
  const certificates = stack.use(
    await openCertificates({
      dataDirectory: data,
      files: https === false ? undefined : https.certificate,
      more: https === false ? [] : https.certificates,
      acme: https === false ? undefined : https.acme,
      store,
      clock,
      report: (diagnostic) => observer.noticed(diagnostic),
    }),
  )
  const tellExpiry = (certificate: Certificate): void =>
    observer.certificateLoaded(certificate.names[0] ?? 'gate', certificate.notAfter)
  for (const certificate of certificates.all) tellExpiry(certificate)
  certificates.onChange(tellExpiry)
  return {
    clock,
    observer,
    store,
    pepper: configuration.keyring.pepper ?? loadPepper(data),
    certificates,
    watch,
    shared: { limiter, issuerKeys, dataKeys },
  }
}

/** Opens the data keys of a data folder under the key-encryption key of the same. */
async function openDataKeyring(
  data: string,
  store: Store,
  clock: Clock,
  onFault: (fault: Fault) => void,
): Promise<OpenDataKeys> {
  const isNew = (await store.dataKeys.list()).length === 0
  return openDataKeys({
    store: store.dataKeys,
    kek: openKeyFile(defaultKeyFile(data), isNew),
    clock,
    onFault: (thrown) => onFault(toFault(thrown)),
  })
}

/** Where a command finds the keyring without a running gateway. */
export interface KeyringLocation {
  readonly data: string
  readonly environment: string
  /** The configured pepper; `undefined`: that of the data folder. */
  readonly pepper: Pepper | undefined
}

/** Opens the API keys of a data folder; a gateway that runs on the same folder follows what is changed here. */
export async function openApiKeyManagement(
  location: KeyringLocation,
): Promise<ApiKeyManagement & AsyncDisposable> {
  mkdirSync(location.data, { recursive: true, mode: 0o700 })
  const store = await openStore('sqlite', location.data)
  const management = createApiKeyManagement({
    store: store.apiKeys,
    pepper: location.pepper ?? loadPepper(location.data),
    environment: location.environment,
    clock: systemClock,
    maximumLife: longestKeyLife,
  })
  return { ...management, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}
