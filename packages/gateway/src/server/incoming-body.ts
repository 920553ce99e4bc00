import type { Readable } from 'node:stream'
import { defineProblem, type Problem } from '@gateward/kernel'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import { badRequest } from '../exchange/framing.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import type { Awaited, Patience } from '../exchange/patience.ts'
import { readCoded, tooLarge, type BodyDone } from './coded-body.ts'

/** A request's body as Node's parsers hand it over. */
export class IncomingBody implements RequestBodySource {
  readonly #readable: Readable
  readonly #request: ReceivedRequest
  readonly #patience: Patience
  #beforeReading: (() => void) | undefined

  /** @param beforeReading called once when somebody wants the body: the moment to answer `Expect: 100-continue` */
  constructor(
    readable: Readable,
    request: ReceivedRequest,
    patience: Patience,
    beforeReading: (() => void) | undefined,
  ) {
    this.#patience = patience
    this.#readable = readable
    this.#request = request
    this.#beforeReading = beforeReading
  }

  get stream(): Readable {
    this.#begin()
    return this.#readable
  }

  readWhole(max: number, deadlineMs: number, done: BodyDone): void {
    if (!this.#request.hasBody) {
      done(undefined, empty)
      return
    }
    const decoded = readCoded(this.#request, max, done)
    if (decoded === undefined) return
    if (this.#readable.destroyed) done(brokenOff, empty)
    else this.#collect(max, deadlineMs, decoded)
  }

  #collect(max: number, deadlineMs: number, done: BodyDone): void {
    const reading = new WholeReading(max, this.#patience.deadlineIn(deadlineMs), this.#patience, done)
    // `close` follows every end, also one that an error came before; whoever made the stream hears the error itself.
    this.#readable
      .on('data', (chunk: Buffer) => reading.take(chunk))
      .on('end', () => reading.finish(undefined))
      .on('close', () => reading.finish(brokenOff))
    this.#begin()
  }

  #begin(): void {
    const beforeReading = this.#beforeReading
    this.#beforeReading = undefined
    beforeReading?.()
  }
}

/** One body on its way to being whole; after its end, whatever the reason, more of it is thrown away. */
class WholeReading implements Awaited {
  readonly #max: number
  readonly #deadline: number
  readonly #patience: Patience
  readonly #done: BodyDone
  #chunks: Buffer[] = []
  #length = 0
  #finished = false

  constructor(max: number, deadline: number, patience: Patience, done: BodyDone) {
    this.#max = max
    this.#deadline = deadline
    this.#patience = patience
    this.#done = done
    patience.add(this)
  }

  take(chunk: Buffer): void {
    if (this.#finished) return
    this.#length += chunk.length
    if (this.#length > this.#max) this.finish(tooLarge)
    else this.#chunks.push(chunk)
  }

  finish(problem: Problem | undefined): void {
    if (this.#finished) return
    this.#finished = true
    this.#patience.delete(this)
    const bytes = problem === undefined ? join(this.#chunks, this.#length) : empty
    this.#chunks = []
    this.#done(problem, bytes)
  }

  check(now: number): void {
    if (now > this.#deadline) this.finish(tooSlow)
  }
}

function join(chunks: readonly Buffer[], length: number): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)
}

const empty = Buffer.alloc(0)
const tooSlow = defineProblem('REQUEST_TIMEOUT', 'the body did not arrive whole in its time')
const brokenOff = badRequest('the body broke off')
