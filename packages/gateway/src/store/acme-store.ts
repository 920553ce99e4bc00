import type { Secret } from '@gateward/kernel'
import type { Awaitable } from './awaitable.ts'

/**
 * What several gateways share to get certificates by ACME (RFC 8555): accounts, the certificates, and the challenges
 * that are being answered, so that an authority may ask any of them.
 *
 * The laws (acme-store.contract.ts, run on every adapter):
 * - what was never saved is `undefined`; what was saved last is what is read, also after a restart;
 * - accounts, certificates and challenges never touch each other, whatever characters their names hold;
 * - a challenge is found until it is removed or its time is over, and not a moment longer.
 */
export interface AcmeStore {
  /**
   * The key of the account at an authority, PEM; it is all that names the account (RFC 8555 section 7.3.1).
   * @param directory the URL of the authority's directory
   */
  readAccountKey(directory: string): Awaitable<Secret | undefined>
  saveAccountKey(directory: string, key: Secret): Awaitable<void>
  /** @param name what the certificate is for: its sorted names, joined */
  readCertificate(name: string): Awaitable<IssuedCertificate | undefined>
  saveCertificate(name: string, certificate: IssuedCertificate): Awaitable<void>
  /**
   * Lets every gateway answer a challenge.
   * @param key the token of HTTP-01 or the host name of TLS-ALPN-01, with its kind in front
   * @param until milliseconds since the Unix epoch
   */
  presentChallenge(key: string, keyAuthorization: string, until: number): Awaitable<void>
  /** @param now milliseconds since the Unix epoch */
  findChallenge(key: string, now: number): Awaitable<string | undefined>
  removeChallenge(key: string): Awaitable<void>
}

/** A certificate as the authority issued it. */
export interface IssuedCertificate {
  /** PEM: the leaf first, then its chain. */
  readonly chain: string
  /** PEM. */
  readonly key: Secret
}
