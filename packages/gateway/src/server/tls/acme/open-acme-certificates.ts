import type { Clock, Diagnostic } from '@gateward/kernel'
import type { AcmeStore } from '../../../store/acme-store.ts'
import type { LeaseStore } from '../../../store/lease-store.ts'
import type { Certificate } from '../certificate-source.ts'
import { AcmeCertificate } from './acme-certificate.ts'
import { createAlpnResponder, type AlpnResponder } from './alpn-responder.ts'
import { createSharedResponder } from './challenge.ts'
import { createDnsResponder } from './dns-hook.ts'
import { openHttpResponder, type HttpResponder } from './http-responder.ts'
import { createOrders } from './order-certificate.ts'
import type { AcmeSettings } from '../../../config/acme-settings.ts'

/** The certificates of one `acme` section, with what answers the authority's proofs. */
export interface AcmeCertificates {
  readonly certificates: readonly AcmeCertificate[]
  readonly validations: AlpnResponder | undefined
  /** Begins with what is due; call it when the authority can reach the ports. */
  start(): void
  close(): Promise<void>
}

export interface AcmeCertificatesOptions {
  readonly settings: AcmeSettings
  readonly store: { readonly acme: AcmeStore; readonly leases: LeaseStore }
  readonly clock: Clock
  /** What is served until there is a certificate. */
  readonly fallback: Certificate
  report(diagnostic: Diagnostic): void
}

/** Makes the certificates and opens the port of HTTP-01 where it is used; orders nothing before `start`. */
export async function openAcmeCertificates(options: AcmeCertificatesOptions): Promise<AcmeCertificates> {
  const { settings, clock, fallback } = options
  const { acme: store, leases } = options.store
  const { challenge, dnsHook } = settings
  const now = (): number => clock.now()
  const responder =
    dnsHook === undefined ? createSharedResponder(store, now) : createDnsResponder(dnsHook, settings.dnsWait)
  const orders = createOrders({ settings, store, responder })
  const http: HttpResponder | undefined =
    challenge === 'http-01' ? await openHttpResponder({ ...settings.http, store, now }) : undefined
  const validations =
    challenge === 'tls-alpn-01' ? createAlpnResponder(store, now, firstFlightDeadline) : undefined
  const certificates = settings.names.map(
    (names) =>
      new AcmeCertificate({
        names,
        orders,
        store,
        leases,
        clock,
        fallback,
        report: (diagnostic) => options.report(diagnostic),
      }),
  )
  return {
    certificates,
    validations,
    start: () => void startInTurn(certificates),
    async close() {
      validations?.close()
      await http?.[Symbol.asyncDispose]()
    },
  }
}

// One after the other: an authority limits how many orders an account may have at once.
async function startInTurn(certificates: readonly AcmeCertificate[]): Promise<void> {
  for (const certificate of certificates) await certificate.look()
}

/** Milliseconds. */
const firstFlightDeadline = 10_000
