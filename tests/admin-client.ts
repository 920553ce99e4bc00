import { readFileSync } from 'node:fs'
import type { Gateway } from '@gateward/gateway'
import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import type { EndpointId } from '@gateward/gateway/admin-endpoints'
import { Agent, request, type Dispatcher } from 'undici'

/** An answer of the admin address, read to its end. */
interface AdminReply<Id extends EndpointId | 'problem'> {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly text: string
  /** The body as JSON, in the form that the contract says; that it is so, every test of it proves. */
  readonly json: Id extends EndpointId ? AdminAnswer<Id> : ProblemBody
}

interface ProblemBody {
  readonly code: string
  readonly detail: string
}

/** How a request is sent; what is left out is as the dashboard sends it. */
interface AdminShot {
  readonly body?: unknown
  /** Over those of the dashboard; `undefined` leaves a field out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A browser at the admin address: it keeps the cookie that it was given. */
export interface AdminClient extends AsyncDisposable {
  cookie: string | undefined
  send<Id extends EndpointId | 'problem' = 'problem'>(
    method: Dispatcher.HttpMethod,
    path: string,
    shot?: AdminShot,
  ): Promise<AdminReply<Id>>
  /** As `send`, below `/api/v1`: `GET /keys`. */
  call<Id extends EndpointId | 'problem' = 'problem'>(
    operation: string,
    body?: unknown,
    headers?: AdminShot['headers'],
  ): Promise<AdminReply<Id>>
}

/** A browser that trusts the gateway's certificate and has not logged in. */
export function openAdminClient({ addresses, certificateAuthority }: Gateway): AdminClient {
  const agent = new Agent({
    // Whatever `Host` a test sends, the certificate is that of this machine, signed by its own authority.
    connect: { ca: readFileSync(certificateAuthority ?? '', 'utf8'), checkServerIdentity: () => undefined },
  })
  const client: AdminClient = {
    cookie: undefined,
    async send(method, path, { body, headers = {} } = {}) {
      const sent = {
        'x-gateward': '1',
        origin: addresses.admin,
        cookie: client.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      }
      const answer = await request(addresses.admin + path, {
        method,
        headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
        dispatcher: agent,
      })
      const [set] = [answer.headers['set-cookie'] ?? []].flat()
      if (set !== undefined) client.cookie = set.slice(0, set.indexOf(';'))
      const text = await answer.body.text()
      // Tests ask more than one address may in a minute; like any client that is told to, they wait.
      if (answer.statusCode === 429 && text.includes('too many requests')) {
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        return client.send(method, path, { body, headers })
      }
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        json: text.startsWith('{') ? JSON.parse(text) : undefined,
      }
    },
    call(operation, body, headers) {
      const [method = '', path = ''] = operation.split(' ')
      return client.send(method, `/api/v1${path}`, {
        ...(body === undefined ? {} : { body }),
        ...(headers === undefined ? {} : { headers }),
      })
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
  return client
}

export const password = 'correct horse battery staple'

/** Redeems the welcome link of a fresh gateway. */
export async function becomeAdmin(client: AdminClient, gateway: Gateway): Promise<void> {
  const code = codeOf(gateway.welcome ?? '')
  const { status } = await client.call('POST /invitations/redeem', { code, name: 'ada', password })
  if (status !== 201) throw new Error(`the welcome link answered ${status}`)
}

/** Somebody with a role, invited by an admin and logged in. */
export async function invite(
  admin: AdminClient,
  gateway: Gateway,
  role: string,
  name: string = role,
): Promise<AdminClient> {
  const { json } = await admin.call<'createInvitation'>('POST /invitations', { role })
  const client = openAdminClient(gateway)
  const code = codeOf(json.path)
  const { status } = await client.call('POST /invitations/redeem', { code, name, password })
  if (status !== 201) throw new Error(`the invitation of a ${role} answered ${status}`)
  return client
}

export function codeOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}
