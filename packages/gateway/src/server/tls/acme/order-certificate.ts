import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { Fault, Secret } from '@gateward/kernel'
import { axios, Client, crypto, directory as directories } from 'acme-client'
import type { AcmeStore, IssuedCertificate } from '../../../store/acme-store.ts'
import type { Challenge, ChallengeResponder } from './challenge.ts'
import type { AcmeSettings } from '../../../config/acme-settings.ts'

/** Asks a certificate authority for certificates (RFC 8555). */
export interface CertificateOrders {
  /**
   * Orders a certificate with a new ECDSA P-256 key.
   * @param isFirst whether there never was one for these names, so that a mistake is likely
   * @throws Fault `CERTIFICATE_ORDER` with what the authority, or a proof, said
   */
  order(names: readonly string[], isFirst: boolean): Promise<IssuedCertificate>
}

export interface OrderOptions {
  readonly settings: AcmeSettings
  readonly store: AcmeStore
  readonly responder: ChallengeResponder
}

/** Makes orders at the authority that the settings name. */
export function createOrders({ settings, store, responder }: OrderOptions): CertificateOrders {
  axios.defaults.timeout = requestPatience
  if (settings.authority !== undefined)
    axios.defaults.httpsAgent = new Agent({ ca: readFileSync(settings.authority) })
  const orderAt = async (url: string, names: readonly string[]): Promise<IssuedCertificate> => {
    const client = await openAccount(url, settings, store)
    const [key, csr] = await crypto.createCsr({ altNames: [...names] }, await crypto.createPrivateEcdsaKey())
    const chain = await client.auto({
      csr,
      termsOfServiceAgreed: settings.termsAgreed,
      // Only the authority's own look counts; from here the name may lead elsewhere.
      skipChallengeVerification: true,
      challengePriority: [settings.challenge],
      challengeCreateFn: (authorization, challenge, keyAuthorization) =>
        responder.present(
          toChallenge(settings, authorization.identifier.value, challenge.token, keyAuthorization),
        ),
      challengeRemoveFn: (authorization, challenge, keyAuthorization) =>
        responder.withdraw(
          toChallenge(settings, authorization.identifier.value, challenge.token, keyAuthorization),
        ),
    })
    return { chain, key: new Secret(key.toString()) }
  }
  return {
    async order(names, isFirst) {
      const { directory } = settings
      try {
        if (directory === 'letsencrypt' && isFirst)
          await withDeadline(orderAt(directories.letsencrypt.staging, names))
        return await withDeadline(orderAt(directoryUrl(directory), names))
      } catch (cause) {
        if (cause instanceof Fault) throw cause
        throw orderFault(cause instanceof Error ? cause.message : String(cause), cause)
      }
    },
  }
}

function directoryUrl(directory: string): string {
  if (directory === 'letsencrypt') return directories.letsencrypt.production
  return directory === 'letsencrypt-staging' ? directories.letsencrypt.staging : directory
}

async function openAccount(url: string, settings: AcmeSettings, store: AcmeStore): Promise<Client> {
  const kept = await store.readAccountKey(url)
  const key = kept ?? new Secret((await crypto.createPrivateEcdsaKey()).toString())
  if (kept === undefined) await store.saveAccountKey(url, key)
  const { externalAccount, email } = settings
  const client = new Client({
    directoryUrl: url,
    accountKey: key.reveal(),
    ...backoff,
    ...(externalAccount === undefined
      ? {}
      : {
          externalAccountBinding: { kid: externalAccount.keyId, hmacKey: externalAccount.key.reveal() },
        }),
  })
  if (kept === undefined || !(await findAccount(client)))
    await client.createAccount({
      termsOfServiceAgreed: settings.termsAgreed,
      ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
    })
  return client
}

// The same key always leads to the same account (RFC 8555 section 7.3.1), unless the authority has forgotten it.
async function findAccount(client: Client): Promise<boolean> {
  return client.createAccount({ onlyReturnExisting: true }).then(
    () => true,
    () => false,
  )
}

function toChallenge(
  { challenge: type }: AcmeSettings,
  hostName: string,
  token: string,
  keyAuthorization: string,
): Challenge {
  return { type, hostName, token, keyAuthorization }
}

async function withDeadline<Value>(work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(orderFault('the authority did not come to an end in ten minutes')),
    orderPatience,
  )
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

function orderFault(reason: string, cause?: unknown): Fault {
  return new Fault('CERTIFICATE_ORDER', `the certificate could not be ordered: ${reason.slice(0, 500)}`, {
    source: 'gateway',
    cause,
  })
}

/** Milliseconds. */
const requestPatience = 30_000
const orderPatience = 10 * 60_000
const backoff = { backoffAttempts: 20, backoffMin: 1_000, backoffMax: 15_000 }
