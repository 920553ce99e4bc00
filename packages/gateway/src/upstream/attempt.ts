import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { HeaderList } from '../exchange/header-list.ts'
import type { Outcome } from './breaker.ts'
import type { Passenger } from './connection-pool.ts'
import type { Connection, DispatchRequest } from './connection.ts'
import { broken, toFailure, unavailable, type Failure } from './faults.ts'
import type { Target } from './target.ts'
import type { UpstreamRequest } from './upstream.ts'

/** Hears of one attempt; after `attemptEnded` or `attemptFailed` nothing more comes. */
export interface AttemptListener {
  attemptAnswered(status: number, headers: HeaderList): void
  /** Returns false to be spared further data until `resume`. */
  attemptData(chunk: Buffer): boolean
  attemptEnded(): void
  attemptFailed(failure: Failure): void
}

/** One sending of a request to one target. It gives its connection back and tells the target how it went, once. */
export class Attempt implements Dispatcher.DispatchHandler, Passenger {
  readonly target: Target
  readonly #request: UpstreamRequest
  readonly #listener: AttemptListener
  #state: 'waiting' | 'connecting' | 'sent' | 'over' = 'waiting'
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #endsWithConnection = false

  constructor(target: Target, request: UpstreamRequest, listener: AttemptListener) {
    this.target = target
    this.#request = request
    this.#listener = listener
  }

  begin(): void {
    this.target.inFlight++
    this.target.pool.take(this)
  }

  board(connection: Connection): void {
    const { method, target: path, headers, body } = this.#request
    this.#connection = connection
    this.#state = 'connecting'
    const request: DispatchRequest = {
      method,
      path,
      headers,
      body: body ?? null,
      servername: this.target.options.serverName,
    }
    connection.dispatch(request, this)
  }

  leftBehind(): void {
    this.#fail({
      cause: undefined,
      blamed: false,
      fault: unavailable('no connection came free in time'),
    })
  }

  resume(): void {
    // Not within the parser's own callback, perhaps that of another connection: it is not reentrant.
    queueMicrotask(() => {
      if (this.#state === 'sent') this.#controller?.resume()
    })
  }

  /** Gives up without a word to the listener. */
  cancel(outcome: Outcome): void {
    const before = this.#state
    if (before === 'over') return
    this.#state = 'over'
    this.target.inFlight--
    this.target.record(outcome)
    if (before === 'waiting') this.target.pool.withdraw(this)
    else if (before === 'connecting') this.#connection?.reset()
    else this.#controller?.abort(cancelled)
    if (this.#connection !== undefined) this.target.pool.giveBackSoon(this.#connection)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#state = 'sent'
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Interim answers (RFC 9110 section 15.2) are hints for this hop only.
    if (status < 200 || this.#state === 'over') return
    this.#status = status
    const list = toHeaderList(headers)
    const coding = list.getJoined('transfer-encoding')
    this.#endsWithConnection = coding === undefined && !list.has('content-length')
    // None was offered, and one that stays on would hide the body from every guard (RFC 9112 section 6.1).
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
      this.#fail({ cause: undefined, blamed: true, fault: broken('the answer has a transfer coding') })
      controller.abort(cancelled)
      return
    }
    this.#listener.attemptAnswered(status, list)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state === 'over') return
    if (!this.#listener.attemptData(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#state === 'over') return
    if (this.#endsWithConnection && this.#connection?.hasFailed === true) {
      this.#fail({ cause: undefined, blamed: true, fault: broken('the connection broke in the answer') })
      return
    }
    this.#settle(isGatewayError(this.#status) ? 'failure' : 'success')
    if (this.#connection !== undefined) this.target.pool.giveBack(this.#connection)
    this.#listener.attemptEnded()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#state === 'over') return
    this.#fail(toFailure(error, this.#state === 'sent'))
  }

  #fail(failure: Failure): void {
    this.#settle(failure.blamed ? 'failure' : 'neither')
    if (this.#connection !== undefined) this.target.pool.giveBackSoon(this.#connection)
    this.#listener.attemptFailed(failure)
  }

  #settle(outcome: Outcome): void {
    this.#state = 'over'
    this.target.inFlight--
    this.target.record(outcome)
  }
}

/** Whether a status says that the service itself could not be reached or would not work. */
export function isGatewayError(status: number): status is 502 | 503 | 504 {
  return status === 502 || status === 503 || status === 504
}

/** The parsed head of an answer as a list; fields of one name stand together. */
export function toHeaderList(headers: IncomingHttpHeaders): HeaderList {
  const flat: string[] = []
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') flat.push(name, value)
    else if (value !== undefined) for (const line of value) flat.push(name, line)
  }
  return new HeaderList(flat)
}

const cancelled = new Error('cancelled')
