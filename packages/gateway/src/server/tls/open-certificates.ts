import type { Clock, Diagnostic } from '@gateward/kernel'
import type { AcmeStore } from '../../store/acme-store.ts'
import type { LeaseStore } from '../../store/lease-store.ts'
import type { AlpnResponder } from './acme/alpn-responder.ts'
import type { AcmeSettings } from '../../config/acme-settings.ts'
import { CertificateChoice } from './certificate-choice.ts'
import { openCertificateFiles } from './certificate-files.ts'
import type { Certificate, CertificateSource } from './certificate-source.ts'
import { ensureDevelopmentCertificate } from './development-certificate.ts'

/** The certificates that the gateway serves, and the authority to trust where the first is a development certificate. */
export interface OpenCertificates extends CertificateSource {
  /** Every certificate that is served now. */
  readonly all: readonly Certificate[]
  /** Path of the development authority's certificate; `undefined` where the operator brought certificates. */
  readonly authority: string | undefined
  /** Answers proofs of host names on the encrypted port, where they are made there. */
  readonly validations: AlpnResponder | undefined
  /** Orders what ACME has to bring, once the ports are open on which the authority asks. */
  startOrders(): void
}

export interface CertificateOptions {
  readonly dataDirectory: string
  readonly files: CertificateFilePair | undefined
  /** Certificates for the names that they hold, beside the first one. */
  readonly more: readonly CertificateFilePair[]
  readonly acme: AcmeSettings | undefined
  readonly store: { readonly acme: AcmeStore; readonly leases: LeaseStore }
  readonly clock: Clock
  report(diagnostic: Diagnostic): void
}

interface CertificateFilePair {
  readonly cert: string
  readonly key: string
}

/**
 * Opens the operator's certificate files, then those that ACME brings, else the development certificate that is made in
 * the data folder. It is served, too, until ACME has brought the first.
 */
export async function openCertificates(options: CertificateOptions): Promise<OpenCertificates> {
  const { dataDirectory, files, more, acme, clock } = options
  const report = (diagnostic: Diagnostic): void => options.report(diagnostic)
  const openFiles = (pair: CertificateFilePair) =>
    openCertificateFiles({ certificate: pair.cert, key: pair.key, report })
  const development =
    files === undefined ? await ensureDevelopmentCertificate(dataDirectory, clock) : undefined
  const own = await openFiles(files ?? { cert: development?.certificate ?? '', key: development?.key ?? '' })
  const others = await Promise.all(more.map(openFiles))
  const ordered = acme === undefined ? undefined : await openAcme(acme, own.current, options)
  // Without files of his own the operator wants what ACME brings to be the first.
  const sources =
    files === undefined ? [...(ordered?.certificates ?? []), own] : [own, ...(ordered?.certificates ?? [])]
  const choice = new CertificateChoice(sources[0] ?? own, [...sources.slice(1), ...others])
  return {
    authority: acme === undefined ? development?.authority : undefined,
    validations: ordered?.validations,
    get current() {
      return choice.current
    },
    get all() {
      return choice.all
    },
    choose: (serverName) => choice.choose(serverName),
    onChange: (callback) => choice.onChange(callback),
    startOrders: () => ordered?.start(),
    async [Symbol.asyncDispose]() {
      await choice[Symbol.asyncDispose]()
      await ordered?.close()
    },
  }
}

// The libraries for ACME take as long to load as a tenth of the gateway, and most gateways do without.
async function openAcme(acme: AcmeSettings, fallback: Certificate, options: CertificateOptions) {
  const { openAcmeCertificates } = await import('./acme/open-acme-certificates.ts')
  return openAcmeCertificates({ ...options, settings: acme, fallback })
}
