import type { Socket } from 'node:net'
import { removeHopByHop } from './answer-headers.ts'
import { isGatewayError } from './attempt.ts'
import type { Picker } from './balance.ts'
import type { Breaker, Outcome } from './breaker.ts'
import {
  broken,
  connectionBroke,
  misread,
  notConnected,
  timedOut,
  unavailable,
  unsendable,
  type Failure,
} from './faults.ts'
import type { AnswerHead } from './http1/answer-head.ts'
import { AnswerReader, type AnswerEvents } from './http1/answer-reader.ts'
import { openSocket } from './http1/open-socket.ts'
import { writeUpgradeHead } from './http1/request-head.ts'
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
export class Handshake implements AnswerEvents {
  readonly #context: HandshakeContext
  readonly #request: UpgradeRequest
  readonly #receiver: UpgradeReceiver
  readonly #pass: number
  readonly #deadline: NodeJS.Timeout
  readonly #reader = new AnswerReader(this)
  #target: Target | undefined
  #socket: Socket | undefined
  #answer: AnswerHead | undefined
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
      this.#failSoon({ cause: undefined, blamed: false, fault: unavailable(reason) })
      return
    }
    this.#target = target
    target.inFlight++
    const head = writeUpgradeHead(this.#request.target, this.#request.headers, target.options.host)
    if (head === undefined) this.#failSoon(unsendable())
    else this.#connect(target, head)
  }

  abort(): void {
    this.#socket?.destroy()
    this.#conclude('neither', nothing)
  }

  onHead(head: AnswerHead): void {
    this.#answer = head
  }

  onData(): boolean {
    return true
  }

  onEnd(): void {}

  #connect(target: Target, head: string): void {
    const { endpoint } = target.options
    const socket = openSocket(endpoint, undefined)
    this.#socket = socket
    socket.once(endpoint.tls === undefined ? 'connect' : 'secureConnect', () => {
      this.#sent = true
      this.#reader.begin(false, true)
      socket.write(head, 'latin1')
    })
    // By `readable`, after which the socket can be handed on with whatever it holds.
    socket.on('readable', this.#onReadable).on('close', this.#onClose)
    // For ever: an error that nobody hears would end the process.
    socket.on('error', (error) => this.#fail(this.#sent ? connectionBroke(error) : notConnected(error)))
  }

  readonly #onReadable = (): void => {
    const socket = this.#socket
    if (socket === undefined) return
    while (!this.#over && this.#answer === undefined) {
      const bytes = socket.read() as Buffer | null
      if (bytes === null) return
      const flaw = this.#reader.read(bytes)
      if (flaw !== undefined) this.#fail(misread(flaw))
    }
    if (this.#answer !== undefined && !this.#over) this.#take(this.#answer, socket)
  }

  readonly #onClose = (): void =>
    this.#fail(this.#sent ? connectionBroke(undefined) : notConnected(undefined))

  #take(answer: AnswerHead, socket: Socket): void {
    const { status, headers } = answer
    if (status !== 101) {
      this.#conclude(isGatewayError(status) ? 'failure' : 'success', () => this.#receiver.declined(status))
      return
    }
    const mistake = checkWebSocketAnswer(this.#request.headers, headers)
    if (mistake !== undefined) this.#fail({ cause: undefined, blamed: true, fault: broken(mistake) })
    else this.#join(answer, socket)
  }

  #join({ headers }: AnswerHead, socket: Socket): void {
    this.#over = true
    clearTimeout(this.#deadline)
    socket.off('readable', this.#onReadable).off('close', this.#onClose)
    socket.once('close', () => this.#leave())
    const { rest } = this.#reader
    if (rest.length > 0) socket.unshift(rest)
    this.#settle('success')
    removeHopByHop(headers)
    this.#receiver.switched(headers, socket)
  }

  #expire(): void {
    this.#fail({ cause: undefined, blamed: true, fault: timedOut('no answer to the upgrade in time') })
  }

  // Nobody is told anything before `upgrade` has returned.
  #failSoon(failure: Failure): void {
    queueMicrotask(() => this.#fail(failure))
  }

  #fail({ blamed, fault }: Failure): void {
    this.#conclude(blamed ? 'failure' : 'neither', () => this.#receiver.fault(fault))
  }

  #conclude(outcome: Outcome, tell: () => void): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#deadline)
    this.#socket?.destroy()
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
    this.#context.ended()
  }
}

function nothing(): void {}
