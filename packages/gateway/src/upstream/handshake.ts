import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { removeHopByHop } from './answer-headers.ts'
import { isGatewayError, toHeaderList } from './attempt.ts'
import type { Picker } from './balance.ts'
import type { Breaker, Outcome } from './breaker.ts'
import { Connection, type DispatchRequest } from './connection.ts'
import { broken, timedOut, toFailure, unavailable } from './faults.ts'
import type { Target } from './target.ts'
import type { UpgradeReceiver, UpgradeRequest } from './upstream.ts'
import { checkWebSocketAnswer } from './websocket-answer.ts'

/** What all handshakes of an upstream share. */
export interface HandshakeContext {
  readonly pick: Picker
  readonly breaker: Breaker
  /** Milliseconds to the connection, and from there to the answer. */
  readonly connect: number
  readonly response: number
  /** Whether there are as many WebSockets as there may be. */
  readonly isFull: boolean
  /** The handshake failed, or what came of it is closed. */
  ended(): void
}

/** Asks one target, over a connection of its own, to switch to WebSocket (RFC 6455 section 4). */
export class Handshake implements Dispatcher.DispatchHandler {
  readonly #context: HandshakeContext
  readonly #request: UpgradeRequest
  readonly #receiver: UpgradeReceiver
  readonly #pass: number
  readonly #deadline: NodeJS.Timeout
  #target: Target | undefined
  #connection: Connection | undefined
  #tunnel: Duplex | undefined
  #sent = false
  #over = false

  constructor(context: HandshakeContext, request: UpgradeRequest, receiver: UpgradeReceiver) {
    this.#context = context
    this.#request = request
    this.#receiver = receiver
    this.#deadline = setTimeout(() => this.#expire(), context.connect + context.response)
    this.#pass = context.isFull ? -1 : context.breaker.admit()
  }

  start(): void {
    const target = this.#pass === -1 ? undefined : this.#context.pick(undefined)
    if (target === undefined) {
      const reason = this.#context.isFull ? 'there are too many WebSockets' : 'no target may be asked'
      queueMicrotask(() => this.#conclude('neither', () => this.#receiver.fault(unavailable(reason))))
      return
    }
    this.#target = target
    target.inFlight++
    this.#connection = new Connection(target.options)
    const request: DispatchRequest = {
      method: 'GET',
      path: this.#request.target,
      headers: this.#request.headers,
      upgrade: 'websocket',
      servername: target.options.serverName,
    }
    // One turn later, since a request that cannot be written is told at once.
    queueMicrotask(() => {
      if (!this.#over) this.#connection?.dispatch(request, this)
    })
  }

  abort(): void {
    this.#tunnel?.destroy()
    this.#conclude('neither', nothing)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#sent = true
    if (this.#over) controller.abort(cancelled)
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    _status: number,
    headers: IncomingHttpHeaders,
    tunnel: Duplex,
  ): void {
    tunnel.on('error', nothing)
    const list = toHeaderList(headers)
    const mistake = checkWebSocketAnswer(this.#request.headers, list)
    if (this.#over || mistake !== undefined) {
      tunnel.destroy()
      this.#conclude('failure', () => this.#receiver.fault(broken(mistake ?? 'the client left')))
      return
    }
    this.#over = true
    clearTimeout(this.#deadline)
    this.#tunnel = tunnel
    tunnel.once('close', () => this.#leave())
    this.#settle('success')
    removeHopByHop(list)
    this.#receiver.switched(list, tunnel)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    this.#conclude(isGatewayError(status) ? 'failure' : 'success', () => this.#receiver.declined(status))
  }

  onResponseData(): void {}

  onResponseEnd(): void {}

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const { blamed, fault } = toFailure(error, this.#sent)
    this.#conclude(blamed ? 'failure' : 'neither', () => this.#receiver.fault(fault))
  }

  #expire(): void {
    this.#conclude('failure', () => this.#receiver.fault(timedOut('no answer to the upgrade in time')))
  }

  #conclude(outcome: Outcome, tell: () => void): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#deadline)
    this.#settle(outcome)
    this.#leave()
    tell()
  }

  #settle(outcome: Outcome): void {
    this.#context.breaker.settle(this.#pass, outcome)
    this.#target?.record(outcome)
  }

  #leave(): void {
    if (this.#target !== undefined) this.#target.inFlight--
    // Not within the parser's callback, which still needs what this takes away.
    queueMicrotask(() => void this.#connection?.destroy())
    this.#context.ended()
  }
}

function nothing(): void {}

const cancelled = new Error('cancelled')
