import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { clientBroke, type Failure } from '../faults.ts'

/**
 * Sends a body as it comes, in chunks or with the length that was declared: a body of another length is never made to
 * look whole. After `stop` what still comes is thrown away, so that the client's connection does not stall on it.
 */
export class Upload {
  readonly #socket: Socket
  readonly #body: Readable
  readonly #length: number | undefined
  readonly #done: (failure: Failure | undefined) => void
  #sent = 0
  #over = false
  #blocked = false

  /** @param length as declared in the head; `undefined`: in chunks */
  constructor(
    socket: Socket,
    body: Readable,
    length: number | undefined,
    done: (failure: Failure | undefined) => void,
  ) {
    this.#socket = socket
    this.#body = body
    this.#length = length
    this.#done = done
  }

  /** Whether the service takes nothing at the moment. */
  get isBlocked(): boolean {
    return this.#blocked
  }

  start(): void {
    const body = this.#body
    if (body.destroyed || body.errored !== null) {
      this.#finish(clientBroke(body.errored ?? undefined))
      return
    }
    body.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
    this.#socket.on('drain', this.#onDrain)
  }

  /** Sends no more. */
  stop(): void {
    if (this.#over) return
    this.#over = true
    this.#socket.off('drain', this.#onDrain)
    this.#body.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    if (!this.#body.destroyed) this.#body.resume()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (chunk.length === 0) return
    this.#sent += chunk.length
    if (this.#length !== undefined && this.#sent > this.#length) {
      this.#finish(clientBroke(new Error('the body is longer than declared')))
      return
    }
    if (this.#write(chunk)) return
    this.#blocked = true
    this.#body.pause()
  }

  readonly #onDrain = (): void => {
    this.#blocked = false
    this.#body.resume()
  }

  readonly #onEnd = (): void => {
    if (this.#length === undefined) this.#socket.write('0\r\n\r\n', 'latin1')
    else if (this.#sent < this.#length) {
      this.#finish(clientBroke(new Error('the body is shorter than declared')))
      return
    }
    this.#finish(undefined)
  }

  readonly #onError = (error: Error): void => this.#finish(clientBroke(error))

  readonly #onClose = (): void => this.#finish(clientBroke(undefined))

  #write(chunk: Buffer): boolean {
    const socket = this.#socket
    if (this.#length !== undefined) return socket.write(chunk)
    socket.cork()
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
    socket.write(chunk)
    const ready = socket.write('\r\n', 'latin1')
    socket.uncork()
    return ready
  }

  #finish(failure: Failure | undefined): void {
    if (this.#over) return
    this.stop()
    this.#done(failure)
  }
}
