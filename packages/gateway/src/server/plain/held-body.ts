import { Readable } from 'node:stream'
import type { ReceivedRequest } from '../../exchange/exchange.ts'
import type { RequestBodySource } from '../../exchange/request-body.ts'
import { readCoded, type BodyDone } from '../coded-body.ts'

/** A request's body that came whole with its head. */
export class HeldBody implements RequestBodySource {
  readonly #bytes: Buffer
  readonly #request: ReceivedRequest

  constructor(bytes: Buffer, request: ReceivedRequest) {
    this.#bytes = bytes
    this.#request = request
  }

  get stream(): Readable {
    const stream = new Readable({ read() {} })
    if (this.#bytes.length > 0) stream.push(this.#bytes)
    stream.push(null)
    return stream
  }

  readWhole(max: number, _deadlineMs: number, done: BodyDone): void {
    if (this.#bytes.length === 0) done(undefined, this.#bytes)
    else readCoded(this.#request, max, done)?.(undefined, this.#bytes)
  }
}
