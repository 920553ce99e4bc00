import type { Clock } from '@gateward/kernel'
import type { OidcSettings } from '../../../config/oidc-settings.ts'
import { Flows } from '../flows.ts'
import type { Place } from '../passkeys.ts'
import { hasClaim, type Claims } from './claimed-role.ts'
import { loadOpenIdClient, OidcProvider } from './oidc-provider.ts'

/** What the browser brings back from the provider. */
export interface OidcAnswer {
  /** What it was told to keep, and no other browser knows. */
  readonly flow: string
  /** The query that the provider sent it back with. */
  readonly parameters: string
}

interface Waiting {
  readonly redirectUri: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

/** Where the provider sends the browser back to; a page of the dashboard, that must be registered there. */
const callbackPath = '/login/oidc'

/**
 * Logging in at an OpenID provider: the authorization code flow with PKCE (RFC 7636), state and nonce. The browser keeps
 * the flow's name for itself, so that an answer that somebody else began is worth nothing in it.
 */
export class OidcLogin implements AsyncDisposable {
  readonly settings: OidcSettings
  readonly #provider: OidcProvider
  readonly #flows: Flows<Waiting>

  constructor(settings: OidcSettings, clock: Clock) {
    this.settings = settings
    this.#provider = new OidcProvider(settings, clock)
    this.#flows = new Flows(clock)
  }

  /** Where the browser goes to, and what it keeps. @throws where the provider cannot be asked */
  async begin({ host }: Place): Promise<{ readonly flow: string; readonly url: string }> {
    const configuration = await this.#provider.configuration()
    const client = await loadOpenIdClient()
    const waiting: Waiting = {
      redirectUri: `https://${host}${callbackPath}`,
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
    }
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: waiting.redirectUri,
      scope: this.settings.scopes.join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(waiting.verifier),
      code_challenge_method: 'S256',
      state: waiting.state,
      nonce: waiting.nonce,
    })
    return { flow: this.#flows.begin(waiting), url: url.href }
  }

  /** What the provider says of whoever comes back; `undefined`: nothing that proves anything. */
  async finish({ flow, parameters }: OidcAnswer): Promise<Claims | undefined> {
    const waiting = this.#flows.take(flow)
    if (waiting === undefined) return undefined
    const configuration = await this.#provider.configuration()
    const client = await loadOpenIdClient()
    const url = new URL(waiting.redirectUri)
    url.search = parameters
    const tokens = await client
      .authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: waiting.verifier,
        expectedState: waiting.state,
        expectedNonce: waiting.nonce,
        idTokenExpected: true,
      })
      .catch(() => undefined)
    const claims = tokens?.claims()
    if (tokens === undefined || claims === undefined) return undefined
    // Some providers tell groups there alone; what the ID token says goes before it.
    if (
      hasClaim(claims, this.settings.roles.claim) ||
      configuration.serverMetadata().userinfo_endpoint === undefined
    )
      return claims
    const more = await client
      .fetchUserInfo(configuration, tokens.access_token, claims.sub)
      .catch(() => undefined)
    return { ...more, ...claims }
  }

  /** Where a browser logs out at the provider too; `undefined` where it has no such page, or cannot be asked. */
  async logOutUrl({ host }: Place): Promise<string | undefined> {
    try {
      const configuration = await this.#provider.configuration()
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
      const { buildEndSessionUrl } = await loadOpenIdClient()
      const back = { post_logout_redirect_uri: `https://${host}/` }
      return buildEndSessionUrl(configuration, back).href
    } catch {
      return undefined
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#provider[Symbol.asyncDispose]()
  }
}
