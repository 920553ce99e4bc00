import type { Readable } from 'node:stream'
import type { Fault } from '@gateward/kernel'
import type { HeaderList } from '../exchange/header-list.ts'

/** A service behind the gateway: one or more targets, their pool, health, retries and breaker. */
export interface Upstream extends AsyncDisposable {
  readonly name: string
  /** Sends a request; exactly one of `receiver.end` and `receiver.fault` follows, in time. */
  forward(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamCall
}

export interface UpstreamRequest {
  readonly method: string
  /** Path and query as forwarded, the same bytes that were decided on. */
  readonly target: string
  /** Flat lower-case names and values, hop-by-hop fields already gone, `host` set. */
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
}
