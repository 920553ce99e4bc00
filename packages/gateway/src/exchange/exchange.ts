import type { Problem } from '@gateward/kernel'
import type { Answer } from './answer.ts'
import type { CanonicalPath } from './canonical-path.ts'
import type { ClientAddress } from './client-address.ts'
import type { HeaderList } from './header-list.ts'
import type { LimitStanding } from './limit-standing.ts'
import { anonymous, type Known, type Principal } from './principal.ts'
import type { Route } from './route.ts'
import type { RuleReport } from './rule-report.ts'
import type { TraceSpan } from './trace-context.ts'
import type { TouchedData } from './touched-data.ts'
import type { TrailEntry } from './trail.ts'
import type { WholeBody } from './whole-body.ts'

/** A request as it came, before anything is known of it. */
export interface ReceivedRequest {
  readonly method: string
  /** The request target as received, for logs; may be malformed. */
  readonly target: string
  /** Empty (and `defect` set) where the target has no single reading. */
  readonly path: CanonicalPath
  /** The raw query without its `?`; empty where there is none. */
  readonly query: string
  readonly headers: HeaderList
  /** The `Host` field or `:authority`, lower case, without a port. */
  readonly host: string
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2'
  /** Whether the last hop to the gateway (or to its trusted proxy) was encrypted. */
  readonly secure: boolean
  /** `undefined` where the length is not declared (chunked); 0 where there is no body. */
  readonly contentLength: number | undefined
  /** Whether the message has a body at all. */
  readonly hasBody: boolean
  /** The line and version of a message that the parser refused, as they came; `undefined`: it is in the other members. */
  readonly unread?: { readonly line: string; readonly version: string } | undefined
  /** Whether the client asks for another protocol (RFC 9110 section 7.8), a WebSocket say. */
  readonly upgrade: string | undefined
}

/** What is known when an exchange opens. */
export interface Opening {
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  /** The monotonic clock at the start, milliseconds. */
  readonly startedTick: number
  readonly request: ReceivedRequest
  readonly client: ClientAddress
  /** `traceparent` (W3C Trace Context) for the service: as received and well-formed, or made here. */
  readonly traceparent: string
  /** Where the exchange is traced and sampled. */
  readonly span?: TraceSpan | undefined
  /** Why the request cannot be read in one way; it is then refused before any guard. */
  readonly defect: Problem | undefined
}

/**
 * One request and its answer with all that is known of both. Guards read it, and change what its methods let them change.
 */
export class Exchange {
  readonly id: string
  readonly startedAt: number
  readonly startedTick: number
  readonly request: ReceivedRequest
  readonly client: ClientAddress
  readonly traceparent: string
  readonly span: TraceSpan | undefined
  readonly defect: Problem | undefined
  /** What the request was matched to and the raw path segments of the template's variables. */
  route: Route = noRoute
  pathParameters: readonly string[] = []
  /** The hash of the configuration that decided. */
  configuration = ''
  /** The request's body, where some guard of the operation asked for it whole. */
  body: WholeBody | undefined
  answer: Answer | undefined
  /** How the caller stands with every limit counted so far. */
  readonly limits: LimitStanding[] = []
  /** What each guard said, for log, metrics and `explain`. */
  readonly trail: TrailEntry[] = []
  /** What rules found, where a guard works by rules. */
  rules: RuleReport | undefined
  /** What guards did with values of data classes; `undefined`: none was touched. */
  touched: TouchedData | undefined
  /** Header fields for the upstream that a guard adds (identity, say): `[name, value]`, lower-case names. */
  readonly upstreamHeaders: (readonly [name: string, value: string])[] = []
  /** Path and raw query for the upstream where they are not as they came: a version was put in, or a guard replaced values. */
  forwardedPath: string | undefined
  forwardedQuery: string | undefined
  /** Paths that mean the same, asked for in turn where the service knows nothing of the one before (404); `undefined`: none. */
  otherPaths: string[] | undefined
  /** Query names that carry a credential, removed before the request is forwarded. */
  readonly consumedQuery: string[] = []
  /** Header names (lower case) and cookie names that carry an API key: not forwarded unless the upstream's settings say so. */
  readonly consumedHeaders: string[] = []
  readonly consumedCookies: string[] = []
  /** Header names (lower case) that the service must not decide by, whatever the upstream's settings say. */
  withheldHeaders: ReadonlySet<string> | undefined
  /** The field (lower-case name) that tells the service its version, in place of whatever the client sent under the name. */
  versionField: readonly [name: string, value: string] | undefined
  /** The monotonic clock when the request went to the upstream and when its answer's head came; 0: never. */
  forwardedTick = 0
  answeredTick = 0
  /** Scheme, host and port of the target that was asked last; known at the end, where the exchange is traced. */
  target: string | undefined
  /** The monotonic clock when the last guard had decided, or the first was asked: where the next one's time begins. */
  decidedTick = 0
  /** The refusal that ended the exchange, or the one a fault was turned into. */
  problem: Problem | undefined
  #principal: Principal = anonymous
  #atEnd: (() => void)[] | undefined = []

  constructor(opening: Opening) {
    this.id = opening.id
    this.startedAt = opening.startedAt
    this.startedTick = opening.startedTick
    this.request = opening.request
    this.client = opening.client
    this.traceparent = opening.traceparent
    this.span = opening.span
    this.defect = opening.defect
  }

  get principal(): Principal {
    return this.#principal
  }

  /** Says who the caller is; only authentication calls it, once. */
  identify(principal: Known): void {
    this.#principal = principal
  }

  /**
   * Calls back once when the exchange ends, after the last byte: to give a slot back, say. Where it has ended already,
   * because the client left while a guard waited, it calls back at once.
   */
  onEnd(callback: () => void): void {
    if (this.#atEnd === undefined) callback()
    else this.#atEnd.push(callback)
  }

  /** Ends the exchange; only the pipeline calls it, once nothing more can be sent. */
  end(): void {
    const callbacks = this.#atEnd ?? []
    this.#atEnd = undefined
    for (const callback of callbacks) callback()
  }
}

/** An exchange on its way up: the answer is there. */
export type AnsweredExchange = Exchange & { answer: Answer }

const noRoute: Route = {
  api: '(none)',
  family: '(none)',
  operationId: '(none)',
  template: '(none)',
  operation: undefined,
}
