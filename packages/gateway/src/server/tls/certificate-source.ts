import type { SecureContextOptions } from 'node:tls'

/** Where a listener's certificate comes from, and how it hears of the next one. */
export interface CertificateSource extends AsyncDisposable {
  /** The pair as it stands now. */
  readonly current: Certificate
  /** The certificate for the name that a client asks for; left out, and `undefined`, it gets the current one. */
  choose?(serverName: string): Certificate | undefined
  /** Calls back after each change, so that new connections get the new pair and none is dropped; returns how to stop. */
  onChange(callback: (certificate: Certificate) => void): () => void
}

/** A certificate chain with its key. */
export interface Certificate {
  /** What `node:tls` takes. */
  readonly context: Pick<SecureContextOptions, 'cert' | 'key'>
  /** The DNS names that the leaf holds, in lower case; a wildcard as `*.example.com`. */
  readonly names: readonly string[]
  /** When the leaf begins and ends, milliseconds since the Unix epoch. */
  readonly notBefore: number
  readonly notAfter: number
}
