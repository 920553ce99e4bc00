import { randomUUID, X509Certificate } from 'node:crypto'
import { toFault, type Clock, type Diagnostic } from '@gateward/kernel'
import type { AcmeStore, IssuedCertificate } from '../../../store/acme-store.ts'
import type { LeaseStore } from '../../../store/lease-store.ts'
import type { Certificate, CertificateSource } from '../certificate-source.ts'
import { toCertificate } from '../to-certificate.ts'
import type { CertificateOrders } from './order-certificate.ts'
import { renewalTime, retryDelay } from './renewal-time.ts'

export interface AcmeCertificateOptions {
  /** The host names of the certificate. */
  readonly names: readonly string[]
  readonly orders: CertificateOrders
  readonly store: AcmeStore
  readonly leases: LeaseStore
  readonly clock: Clock
  /** What is served until the authority has issued the first one. */
  readonly fallback: Certificate
  /** Told of every order that failed, with the reason and when the next one follows. */
  report(diagnostic: Diagnostic): void
}

/**
 * A certificate that is ordered and renewed by ACME. All gateways over one store share it: one of them orders, holding a
 * lease, and the others take over what it stored.
 */
export class AcmeCertificate implements CertificateSource {
  readonly #options: AcmeCertificateOptions
  readonly #name: string
  readonly #holder = randomUUID()
  readonly #listeners = new Set<(certificate: Certificate) => void>()
  readonly #timer: NodeJS.Timeout
  #current: Certificate
  #isIssued = false
  /** Milliseconds since the Unix epoch. */
  #renewAt = 0
  #failures = 0
  #looking: Promise<void> | undefined
  #closed = false

  constructor(options: AcmeCertificateOptions) {
    this.#options = options
    this.#name = options.names.toSorted().join(' ')
    this.#current = options.fallback
    this.#timer = setInterval(() => void this.look(), lookInterval).unref()
  }

  get current(): Certificate {
    return this.#current
  }

  onChange(callback: (certificate: Certificate) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** Takes over what another gateway stored, and orders what is due; never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((thrown: unknown) => this.#complain(thrown))
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  /** Ends the looks; an order under way is left to its own deadlines, and what it brings is stored for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#listeners.clear()
  }

  async #look(): Promise<void> {
    await this.#takeStored()
    const { clock, leases } = this.#options
    const now = clock.now()
    if (this.#closed || now < this.#renewAt) return
    const lease = `acme ${this.#name}`
    if (!(await leases.take(lease, this.#holder, now, now + leaseLife))) return
    try {
      // Another one may have ordered between our look and our lease.
      await this.#takeStored()
      if (now >= this.#renewAt) await this.#order()
    } finally {
      await leases.release(lease, this.#holder)
    }
  }

  async #order(): Promise<void> {
    const { names, orders, store } = this.#options
    const issued = await orders.order(names, !this.#isIssued)
    // Read before it is stored: what cannot be served must not reach the other gateways.
    const certificate = readIssued(issued)
    await store.saveCertificate(this.#name, issued)
    this.#take(certificate)
  }

  async #takeStored(): Promise<void> {
    const stored = await this.#options.store.readCertificate(this.#name)
    if (stored !== undefined && stored.chain !== this.#current.context.cert) this.#take(readIssued(stored))
  }

  #take(certificate: Certificate): void {
    this.#current = certificate
    this.#isIssued = true
    this.#failures = 0
    this.#renewAt = renewalTime(certificate, Math.random())
    for (const listener of this.#listeners) listener(certificate)
  }

  #complain(thrown: unknown): void {
    const delay = retryDelay(++this.#failures)
    this.#renewAt = this.#options.clock.now() + delay
    if (this.#closed) return
    this.#options.report({
      code: 'certificate-order',
      severity: 'error',
      message: `${this.#options.names.join(', ')}: ${toFault(thrown).message}`,
      fix: `see that the authority can reach the challenge; the next try is in ${Math.round(delay / 60_000)} minutes`,
    })
  }
}

function readIssued({ chain, key }: IssuedCertificate): Certificate {
  return toCertificate(new X509Certificate(chain), chain, key.reveal())
}

/** Milliseconds between two looks at the store and the time. */
const lookInterval = 60_000
/** Milliseconds after which another gateway orders in the place of one that died; longer than an order may take. */
const leaseLife = 25 * 60_000
