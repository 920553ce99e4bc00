import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider, type Configuration } from 'oidc-provider'
import { Agent, request } from 'undici'

/** What the provider says of somebody, beside `sub`, which is their login. */
export type Person = Readonly<Record<string, unknown>>

/** A real OpenID provider (oidc-provider) on a plain port of this machine. */
export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: string
  /** Registers the client `gateward` with its secret, for this origin. */
  register(origin: string): void
  /** Goes where a browser is sent to, logs in and consents; gives the query that it is sent back with. */
  visit(url: string, login: string): Promise<string>
}

/**
 * Starts it; `people` are read at each login, so that a test may change them. With `inToken` claims stand in the ID token,
 * else where the protocol puts them: in the answer of the userinfo endpoint.
 */
export async function startOpenIdProvider(
  people: Record<string, Person>,
  { inToken = false }: { readonly inToken?: boolean } = {},
): Promise<OpenIdProvider> {
  let handle = (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(503).end()
  const server = createServer((incoming, response) => handle(incoming, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const agent = new Agent()
  return {
    issuer,
    register(origin) {
      handle = new Provider(issuer, configurationOf(people, inToken, origin)).callback()
    },
    visit: (url, login) => visit(url, login, agent),
    async [Symbol.asyncDispose]() {
      await agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function configurationOf(
  people: Readonly<Record<string, Person>>,
  inToken: boolean,
  origin: string,
): Configuration {
  return {
    clients: [
      {
        client_id: 'gateward',
        client_secret: 'a secret of the client',
        redirect_uris: [`${origin}/login/oidc`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username', 'groups'],
    },
    conformIdTokenClaims: !inToken,
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) =>
      Object.hasOwn(people, id) ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined,
  }
}

async function visit(start: string, login: string, dispatcher: Agent): Promise<string> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  let form: string | undefined
  for (let steps = 0; steps < 20; steps++) {
    const answer = await request(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form ?? null,
      dispatcher,
    })
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const page = await answer.body.text()
    const { location } = answer.headers
    if (typeof location === 'string') {
      url = new URL(location, url)
      form = undefined
      if (url.pathname === '/login/oidc') return url.search
    } else if (/name="login"/.test(page))
      form = new URLSearchParams({ prompt: 'login', login, password: 'x' }).toString()
    else if (/value="consent"/.test(page)) form = 'prompt=consent'
    else throw new Error(`${url.href} answered ${answer.statusCode}: ${page.slice(0, 500)}`)
    if (form !== undefined) url = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', url)
  }
  throw new Error('the provider sends the browser round in circles')
}
