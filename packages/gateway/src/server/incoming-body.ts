import type { Readable } from 'node:stream'
import { defineProblem, type Problem } from '@gateward/kernel'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import { badRequest } from '../exchange/framing.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import { decodeBody, isContentCoding } from './content-coding.ts'

type Done = (error: Problem | undefined, bytes: Buffer) => void

/** A request's body as Node's parsers hand it over. */
export class IncomingBody implements RequestBodySource {
  readonly #readable: Readable
  readonly #request: ReceivedRequest
  #beforeReading: (() => void) | undefined

  /** @param beforeReading called once when somebody wants the body: the moment to answer `Expect: 100-continue` */
  constructor(readable: Readable, request: ReceivedRequest, beforeReading: (() => void) | undefined) {
    this.#readable = readable
    this.#request = request
    this.#beforeReading = beforeReading
  }

  get stream(): Readable {
    this.#begin()
    return this.#readable
  }

  readWhole(max: number, deadlineMs: number, done: Done): void {
    const request = this.#request
    if (!request.hasBody) {
      done(undefined, empty)
      return
    }
    const coding = request.headers.getJoined('content-encoding')?.toLowerCase()
    if (coding !== undefined && !isContentCoding(coding) && coding !== 'identity') done(unknownCoding, empty)
    else if ((request.contentLength ?? 0) > max) done(tooLarge, empty)
    else if (this.#readable.destroyed) done(brokenOff, empty)
    else
      this.#collect(
        max,
        deadlineMs,
        coding === undefined || coding === 'identity' ? done : this.#decode(coding, max, done),
      )
  }

  #decode(coding: string, max: number, done: Done): Done {
    return (error, bytes) => {
      if (error !== undefined || bytes.length === 0 || !isContentCoding(coding)) {
        done(error, bytes)
        return
      }
      decodeBody(coding, bytes, max, done)
    }
  }

  #collect(max: number, deadlineMs: number, done: Done): void {
    const readable = this.#readable
    const chunks: Buffer[] = []
    let length = 0
    const timer = setTimeout(() => finish(tooSlow), deadlineMs)
    const finish = (error: Problem | undefined) => {
      clearTimeout(timer)
      readable.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak)
      // An error may follow the listeners that are gone; nobody is left to hear it, and nobody needs to.
      if (error !== undefined) readable.on('error', ignore).resume()
      done(error, error === undefined ? join(chunks, length) : empty)
    }
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length > max) finish(tooLarge)
      else chunks.push(chunk)
    }
    const onEnd = () => finish(undefined)
    const onBreak = () => finish(brokenOff)
    readable.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak)
    this.#begin()
  }

  #begin(): void {
    const beforeReading = this.#beforeReading
    this.#beforeReading = undefined
    beforeReading?.()
  }
}

function join(chunks: readonly Buffer[], length: number): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)
}

function ignore(): void {}

const empty = Buffer.alloc(0)
const tooLarge = defineProblem('PAYLOAD_TOO_LARGE', 'the body is larger than the operation accepts')
const tooSlow = defineProblem('REQUEST_TIMEOUT', 'the body did not arrive whole in its time')
const brokenOff = badRequest('the body broke off')
const unknownCoding = defineProblem(
  'UNSUPPORTED_MEDIA_TYPE',
  'the Content-Encoding is not one that can be taken off',
)
