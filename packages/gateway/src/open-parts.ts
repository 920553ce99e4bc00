import type { Clock } from '@gateward/kernel'
import type { Configuration } from './config/configuration.ts'
import { Discovery } from './discovery/discovery.ts'
import type { GuardServices } from './guards/guard.ts'
import { createDataKey } from './keyring/data-keys/create-data-key.ts'
import type { DataKeyPurpose } from './keyring/data-keys/purposes.ts'
import { createIssuerKeys } from './keyring/create-issuer-keys.ts'
import type { Pepper } from './keyring/pepper.ts'
import { KeyringUpkeep } from './keyring/upkeep/keyring-upkeep.ts'
import { createMemoryLimiter } from './limiter/limiter-memory.ts'
import { KeyringMetrics } from './observe/keyring-metrics.ts'
import { LogFiles } from './observe/log-files.ts'
import { Observer } from './observe/observer.ts'
import { RecordWriter } from './observe/records/record-writer.ts'
import { openKeyring } from './open-keyring.ts'
import { recordFolder } from './open-records.ts'
import { toNotice } from './to-notice.ts'
import { openWatch, type Watch } from './open-watch.ts'
import { openCertificates, type OpenCertificates } from './server/tls/open-certificates.ts'
import type { Certificate } from './server/tls/certificate-source.ts'
import type { DataKeyRecord } from './store/data-key-store.ts'
import type { Store } from './store/store.ts'

/** Everything that outlives a reload. */
export interface Parts {
  readonly clock: Clock
  readonly observer: Observer
  readonly store: Store
  /** Puts another data key in the place of the active one; `undefined` where another process was faster. */
  readonly rotateDataKey: (purpose: DataKeyPurpose, active: string) => Promise<DataKeyRecord | undefined>
  readonly pepper: Pepper
  readonly certificates: OpenCertificates
  readonly watch: Watch
  readonly discovery: Discovery
  readonly shared: Pick<GuardServices, 'limiter' | 'issuerKeys' | 'dataKeys' | 'logFiles' | 'discovery'>
}

/** Opens them all; `stack` closes them in the reverse order. */
export async function openParts(
  configuration: Configuration,
  stack: AsyncDisposableStack,
  clock: Clock,
): Promise<Parts> {
  const { data } = configuration
  const observer = stack.use(new Observer(configuration.observe, clock))
  const notice = (code: string, message: string): void =>
    observer.noticed({ code, severity: 'warning', message })
  const metrics = new KeyringMetrics(observer.registry)
  const keyring = await openKeyring(configuration, clock, stack, (fault) => {
    metrics.countFault(fault.code)
    notice('data-keys', fault.message)
  })
  const { store, dataKeys, kek, pepper } = keyring
  observer.keepRecords(
    await RecordWriter.open({
      folder: recordFolder(data),
      maximumSize: configuration.observe.records.maxSize,
      keys: store.contentKeys,
      now: () => clock.now(),
    }),
  )
  const watch = await openWatch(configuration, { clock, observer, store }, stack)
  await dataKeys.follow()
  const upkeep = new KeyringUpkeep({
    ...keyring,
    clock,
    rotation: configuration.keyring.rotation,
    onStatus: (statuses) => metrics.show(statuses),
    onNotice(diagnostic) {
      if (diagnostic.severity === 'error') metrics.countFault(diagnostic.code)
      observer.noticed(diagnostic)
    },
  })
  stack.use(upkeep)
  void upkeep.run()
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
  const discovery = stack.use(new Discovery(store.discovery, (thrown) => observer.noticed(toNotice(thrown))))
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
    rotateDataKey: async (purpose, active) => {
      const made = await createDataKey({ store: store.dataKeys, kek, clock }, purpose, active)
      await dataKeys.refresh()
      return made
    },
    pepper,
    certificates,
    watch,
    discovery,
    shared: { limiter, issuerKeys, dataKeys, discovery, logFiles: stack.use(new LogFiles()) },
  }
}
