import type { Problem } from '@gateward/kernel'
import type { Reply } from '../../exchange/reply.ts'
import type { AdminAnswer, AdminBody, AdminPath, AdminQuery, ChangingId, StreamingId } from '../contract.ts'
import type { EndpointId } from '../contract/endpoints.ts'
import type { Place } from '../access/passkeys.ts'
import type { Caller } from '../access/caller.ts'

/** A call of one operation: everything checked against the contract, and who calls. */
export interface AdminCall<Id extends EndpointId> {
  readonly path: AdminPath<Id>
  readonly query: AdminQuery<Id>
  readonly body: AdminBody<Id>
  /** `undefined` only where the operation is open to everybody. */
  readonly caller: Caller | undefined
  readonly requestId: string
  /** The client's network address. */
  readonly address: string
  /** The host name under which the browser sees this. */
  readonly place: Place
}

/** What a route answers. */
export interface RouteAnswer<Body> {
  readonly body: Body
  /** The state of what is shown, for `If-Match`. */
  readonly version?: string | undefined
  /** A `Set-Cookie` field. */
  readonly cookie?: string
}

/** Why a route does not do what it was asked. */
export interface RouteRefusal {
  readonly problem: Problem
}

/** A route that goes on telling. */
type Streaming<Id extends EndpointId> = (
  call: AdminCall<Id> & { readonly caller: Caller },
  reply: Reply,
) => Awaitable<RouteRefusal | undefined>

type Awaitable<Value> = Value | Promise<Value>

/** A route that changes nothing but who is logged in. */
type Reading<Id extends EndpointId> = (
  call: AdminCall<Id>,
) => Awaitable<RouteAnswer<AdminAnswer<Id>> | RouteRefusal>

/**
 * What a change would be, found out without doing it. The dispatcher compares the version, answers a dry run with the
 * preview, else commits and writes the audit log: no route can forget either.
 */
export interface Change<Body> {
  readonly action: string
  readonly target: string
  readonly before?: unknown
  readonly after?: unknown
  readonly reason: string | undefined
  /** The state that is changed, compared with `If-Match`. */
  readonly version?: string
  readonly preview: Body
  /** Does it; what it learns by doing goes over what was foreseen. */
  readonly commit: () => Awaitable<Committed<Body>>
}

/** What came of a change. */
export interface Committed<Body> {
  readonly body: Body
  readonly target?: string
  readonly after?: unknown
  readonly version?: string | undefined
}

/** A route that changes something: it says what it would do. */
type Changing<Id extends EndpointId> = (
  call: AdminCall<Id> & { readonly caller: Caller },
) => Awaitable<Change<AdminAnswer<Id>> | RouteRefusal>

/** A route for every operation of the contract: one that is missing does not compile. */
export type AdminRoutes = {
  readonly [Id in EndpointId]: Id extends ChangingId
    ? Changing<Id>
    : Id extends StreamingId
      ? Streaming<Id>
      : Reading<Id>
}

export function refuse(problem: Problem): RouteRefusal {
  return { problem }
}
