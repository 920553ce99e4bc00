import type { HeaderList } from '../exchange/header-list.ts'
import type { Outcome } from './breaker.ts'
import type { Passenger } from './connection-pool.ts'
import { unavailable, type Failure } from './faults.ts'
import type { Connection } from './http1/connection.ts'
import type { AnswerListener } from './http1/connection-parties.ts'
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

/** One sending of a request to one target; it tells the target how it went, once. */
export class Attempt implements AnswerListener, Passenger {
  readonly target: Target
  readonly #request: UpstreamRequest
  readonly #listener: AttemptListener
  #connection: Connection | undefined
  #over = false
  #status = 0

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
    this.#connection = connection
    connection.send(this.#request, this)
  }

  leftBehind(): void {
    this.failed({ cause: undefined, blamed: false, fault: unavailable('no connection came free in time') })
  }

  resume(): void {
    if (!this.#over) this.#connection?.resume()
  }

  /** Gives up without a word to the listener. */
  cancel(outcome: Outcome): void {
    if (this.#over) return
    this.#settle(outcome)
    if (this.#connection === undefined) this.target.pool.withdraw(this)
    else this.#connection.abandon()
  }

  answered(status: number, headers: HeaderList): void {
    this.#status = status
    this.#listener.attemptAnswered(status, headers)
  }

  data(chunk: Buffer): boolean {
    return this.#listener.attemptData(chunk)
  }

  ended(): void {
    if (this.#over) return
    this.#settle(isGatewayError(this.#status) ? 'failure' : 'success')
    this.#listener.attemptEnded()
  }

  failed(failure: Failure): void {
    if (this.#over) return
    this.#settle(failure.blamed ? 'failure' : 'neither')
    this.#listener.attemptFailed(failure)
  }

  #settle(outcome: Outcome): void {
    this.#over = true
    this.target.inFlight--
    this.target.record(outcome)
  }
}

/** Whether a status says that the service itself could not be reached or would not work. */
export function isGatewayError(status: number): status is 502 | 503 | 504 {
  return status === 502 || status === 503 || status === 504
}
