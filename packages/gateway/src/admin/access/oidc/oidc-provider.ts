import { readFileSync } from 'node:fs'
import type { Clock } from '@gateward/kernel'
import type { Configuration } from 'openid-client'
import { Agent, fetch } from 'undici'
import type { OidcSettings } from '../../../config/oidc-settings.ts'

/** Seconds that the provider has for each answer. */
const deadline = 10
/** Milliseconds for which its metadata and keys are taken as they were. */
const keepMetadata = 3_600_000

/** The OpenID provider: its metadata, read when somebody first logs in and again after an hour. */
export class OidcProvider implements AsyncDisposable {
  readonly #settings: OidcSettings
  readonly #clock: Clock
  readonly #agent: Agent
  #known: { readonly configuration: Promise<Configuration>; readonly until: number } | undefined

  constructor(settings: OidcSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    const { ca } = settings
    this.#agent = new Agent(ca === undefined ? {} : { connect: { ca: readFileSync(ca) } })
  }

  /** @throws where the provider gives no metadata; the next call asks again */
  async configuration(): Promise<Configuration> {
    const now = this.#clock.tick()
    if (this.#known === undefined || this.#known.until <= now)
      this.#known = { configuration: this.#discover(), until: now + keepMetadata }
    try {
      return await this.#known.configuration
    } catch (thrown) {
      this.#known = undefined
      throw thrown
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  async #discover(): Promise<Configuration> {
    const client = await loadOpenIdClient()
    const { issuer, clientId, clientSecret } = this.#settings
    const url = new URL(issuer)
    // The settings take http: for this machine alone.
    const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : []
    const configuration = await client.discovery(
      url,
      clientId,
      undefined,
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret.reveal()),
      { execute, timeout: deadline, [client.customFetch]: this.#fetch },
    )
    // The signature of the ID token is checked, although it came over TLS from the provider itself.
    client.enableNonRepudiationChecks(configuration)
    return configuration
  }

  // undici's own, since only its requests go through the agent that trusts `ca`.
  readonly #fetch = (async (url: string, options: object) =>
    fetch(url, { ...options, dispatcher: this.#agent })) as never
}

/** Loaded when somebody logs in so: few gateways need it at their start. */
export function loadOpenIdClient() {
  return import('openid-client')
}
