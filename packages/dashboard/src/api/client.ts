import type { AdminAnswer, AdminBody, AdminPath, AdminQuery } from '@gateward/gateway/admin-contract'
import { apiRoot, endpoints, type EndpointId } from '@gateward/gateway/admin-endpoints'

/** What an operation of the admin API is called with. */
export interface Call<Id extends EndpointId> {
  readonly path?: AdminPath<Id>
  readonly query?: AdminQuery<Id>
  readonly body?: AdminBody<Id>
  /** The ETag of the state that is changed. */
  readonly etag?: string
  readonly signal?: AbortSignal
}

/** An answer with the ETag that a change of it needs. */
export interface Answered<Id extends EndpointId> {
  readonly value: AdminAnswer<Id>
  readonly etag: string | undefined
}

/** A refusal of the admin API (RFC 9457), or that it could not be reached (`status` 0). */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly status: number
  readonly requestId: string | undefined

  constructor(status: number, message: string, requestId?: string) {
    super(message)
    this.status = status
    this.requestId = requestId
  }
}

/** Calls the admin API of the gateway that served this page. @throws AdminError */
export async function callAdmin<Id extends EndpointId>(id: Id, call: Call<Id> = {}): Promise<Answered<Id>> {
  const [method = 'GET', template = ''] = endpoints[id].split(' ')
  const headers: Record<string, string> = { accept: 'application/json' }
  // Only a script of this origin can set it, so that no other site can make a browser change anything.
  if (method !== 'GET') headers['x-gateward'] = '1'
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  if (call.etag !== undefined) headers['if-match'] = call.etag
  const response = await fetch(toUrl(template, call.path, call.query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new AdminError(0, 'The gateway cannot be reached.')
  })
  if (!response.ok) throw await toError(response)
  const value: unknown = response.status === 204 ? undefined : await response.json()
  return { value: value as AdminAnswer<Id>, etag: response.headers.get('etag') ?? undefined }
}

function toUrl(template: string, path: object | undefined, query: object | undefined): string {
  const values: Readonly<Record<string, unknown>> = { ...path }
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') search.set(name, String(value))
  return `${apiRoot}${filled}${search.size === 0 ? '' : `?${search}`}`
}

async function toError(response: Response): Promise<AdminError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>
  const detail = typeof problem['detail'] === 'string' ? problem['detail'] : undefined
  const title =
    typeof problem['title'] === 'string' ? problem['title'] : `The gateway answered ${response.status}.`
  const requestId = typeof problem['requestId'] === 'string' ? problem['requestId'] : undefined
  return new AdminError(response.status, detail ?? title, requestId)
}
