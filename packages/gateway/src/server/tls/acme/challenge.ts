import type { AcmeStore } from '../../../store/acme-store.ts'

/** A kind of proof that a host name is the operator's (RFC 8555 section 8). */
type ChallengeType = 'http-01' | 'tls-alpn-01' | 'dns-01'

/** One proof that the authority asks for. */
export interface Challenge {
  readonly type: ChallengeType
  /** The host name, without the star of a wildcard. */
  readonly hostName: string
  readonly token: string
  /** RFC 8555 section 8.1; of dns-01 the value of the TXT record. */
  readonly keyAuthorization: string
}

/** Makes a proof available to the authority, and takes it back. */
export interface ChallengeResponder {
  present(challenge: Challenge): Promise<void>
  withdraw(challenge: Challenge): Promise<void>
}

/** Answers through the store, so that whichever gateway the authority reaches can answer. */
export function createSharedResponder(store: AcmeStore, now: () => number): ChallengeResponder {
  return {
    async present(challenge) {
      await store.presentChallenge(challengeKey(challenge), challenge.keyAuthorization, now() + proofLife)
    },
    async withdraw(challenge) {
      await store.removeChallenge(challengeKey(challenge))
    },
  }
}

/** Under which key a proof is shared: HTTP-01 is asked for by token, TLS-ALPN-01 by host name. */
export function challengeKey({
  type,
  token,
  hostName,
}: Pick<Challenge, 'type' | 'token' | 'hostName'>): string {
  return type === 'http-01' ? `http-01 ${token}` : `tls-alpn-01 ${hostName}`
}

/** Milliseconds after which a proof that nobody took back ends; an order is given up before. */
const proofLife = 15 * 60_000
