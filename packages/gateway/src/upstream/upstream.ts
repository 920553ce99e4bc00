import type { Duplex, Readable } from 'node:stream'
import type { Fault } from '@gateward/kernel'
import type { HeaderList } from '../exchange/header-list.ts'
import type { ForwardPolicy } from './forward-headers.ts'
import type { TunnelBounds } from './relay.ts'

/** A service behind the gateway: one or more targets, their connections, health, retries and breaker. */
export interface Upstream extends AsyncDisposable {
  readonly name: string
  /** The origins (RFC 6454) of its targets, as a URL writes them. */
  readonly origins: ReadonlySet<string>
  /** What `forwardHeaders` must know of it. */
  readonly forwarding: ForwardPolicy
  /** What `relay` must hold a WebSocket to. */
  readonly tunnelBounds: TunnelBounds
  /**
   * Sends a request; exactly one of `receiver.end` and `receiver.fault` follows, in time, unless the call is
   * aborted: then nothing does. Nothing is called before `forward` has returned.
   */
  forward(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamCall
  /**
   * Asks a target to switch to WebSocket (RFC 6455 section 4.1); exactly one call of the receiver follows, in
   * time, unless aborted. A request is never asked twice.
   */
  upgrade(request: UpgradeRequest, receiver: UpgradeReceiver): { abort(): void }
  /** How it is now, for metrics, readiness and `doctor`. */
  status(): UpstreamStatus
}

export interface UpstreamRequest {
  readonly method: string
  /** Path and query as forwarded, the same bytes that were decided on. */
  readonly target: string
  /** Flat lower-case names and values from `forwardHeaders`; the target's own `host` is added where there is none. */
  readonly headers: string[]
  readonly body: Buffer | Readable | undefined
  /** Exchange id, for logs. */
  readonly id: string
}

/** Hears the answer. Calls come in the order head, data*, end; a fault may replace any of the rest. */
export interface UpstreamReceiver {
  /** Names in lower case; hop-by-hop fields still there for the caller to remove. */
  head(status: number, headers: HeaderList): void
  /** Returns false to be spared further data until `resume` of the call. */
  data(chunk: Buffer): boolean
  end(): void
  fault(fault: Fault): void
}

export interface UpstreamCall {
  /** The client went away: give up, count nothing against the target. */
  abort(): void
  resume(): void
  /** Scheme, host and port of the target that was asked last; `undefined` where none was. */
  readonly target: string | undefined
}

/** A request to switch protocols, with the client's `sec-websocket-*` fields among its headers. */
export interface UpgradeRequest {
  readonly target: string
  readonly headers: string[]
  readonly id: string
}

/** Hears how a target answered an upgrade; exactly one of these is called. */
export interface UpgradeReceiver {
  /** The target switched: hop-by-hop fields are gone from `headers`, and `tunnel` is the connection to it. */
  switched(headers: HeaderList, tunnel: Duplex): void
  /** The target gave an ordinary answer instead; its body is dropped. */
  declined(status: number): void
  fault(fault: Fault): void
}

/** How an upstream is at one moment. */
export interface UpstreamStatus {
  readonly name: string
  /** Whether a request would be sent now: the breaker is not open and some target is there. */
  readonly available: boolean
  readonly breaker: 'closed' | 'open' | 'half-open'
  /** WebSockets under way. */
  readonly tunnels: number
  readonly targets: readonly TargetStatus[]
}

export interface TargetStatus {
  readonly url: string
  /** What its own checks say; true where there are none. */
  readonly healthy: boolean
  /** The monotonic clock when it comes back, milliseconds; 0: it is not left out for failures. */
  readonly ejectedUntil: number
  /** Requests under way, those that wait for a connection included. */
  readonly inFlight: number
  /** Open connections. */
  readonly connections: number
  /** Requests that wait for a connection. */
  readonly queued: number
}
