import type { SecureContextOptions } from 'node:tls'

/** Where a listener's certificate comes from, and how it hears of the next one. */
export interface CertificateSource extends AsyncDisposable {
  /** The pair as it stands now. */
  readonly current: Certificate
  /** Calls back after each change, so that new connections get the new pair and none is dropped; returns how to stop. */
  onChange(callback: (certificate: Certificate) => void): () => void
}

/** A certificate chain with its key. */
export interface Certificate {
  /** What `node:tls` takes. */
  readonly context: Pick<SecureContextOptions, 'cert' | 'key'>
  /** When the leaf ends, milliseconds since the Unix epoch. */
  readonly notAfter: number
}
