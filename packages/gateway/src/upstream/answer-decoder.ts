import type { Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import { Fault } from '@gateward/kernel'
import type { HeaderList } from '../exchange/header-list.ts'

/** Hears what an answer says without its codings. */
export interface DecodedReceiver {
  /** Returns false to be spared more until `resume` of the decoder. */
  data(chunk: Buffer): boolean
  end(): void
  /** It cannot be decoded; nothing follows. */
  fault(fault: Fault): void
  /** `write` has said false, and takes more now. */
  drained(): void
}

/**
 * The content codings of an answer (RFC 9110 section 8.4), outermost first; `Content-Encoding` and `Content-Length` go, since
 * what goes on has neither. `undefined` where one is unknown, or they are more than anybody needs.
 */
export function takeOffCodings(headers: HeaderList): readonly string[] | undefined {
  const codings = (headers.getJoined('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length > maximumCodings || !codings.every((coding) => decoders.has(coding))) return undefined
  headers.delete('content-encoding')
  headers.delete('content-length')
  return codings.toReversed()
}

/**
 * Takes the codings off an answer while it comes, in threads of the pool. What is not in its coding is a fault, and so is what grows
 * 500-fold; how much there may be of it is for the receiver to say.
 */
export class AnswerDecoder {
  readonly #codings: readonly string[]
  readonly #receiver: DecodedReceiver
  #stages: readonly Transform[] = []
  /** The first bytes, until there are enough to tell two formats apart. */
  #held: Buffer = Buffer.alloc(0)
  #sent = 0
  #over = false

  /** @param codings outermost first, at least one */
  constructor(codings: readonly string[], receiver: DecodedReceiver) {
    this.#codings = codings
    this.#receiver = receiver
  }

  /** Returns false to be spared more until `drained`. */
  write(chunk: Buffer): boolean {
    if (this.#over) return true
    this.#sent += chunk.length
    const [first] = this.#stages
    if (first !== undefined) return first.write(chunk)
    this.#held = Buffer.concat([this.#held, chunk])
    return this.#held.length < longestSign || this.#open().write(this.#held)
  }

  end(): void {
    if (this.#over) return
    const [first] = this.#stages
    if (first === undefined) this.#open().end(this.#held)
    else first.end()
  }

  /** The receiver has room again. */
  resume(): void {
    this.#stages.at(-1)?.resume()
  }

  /** Nothing of it is wanted any more. */
  stop(): void {
    this.#over = true
    for (const stage of this.#stages) stage.destroy()
  }

  #open(): Transform {
    const stages = this.#codings.map((coding, index) =>
      createDecoder(coding, index === 0 ? this.#held : undefined),
    )
    this.#stages = stages
    for (const [index, stage] of stages.entries()) {
      let decoded = 0
      stage.on('error', (error) => this.#fail('it is not in its coding', error))
      stage.on('data', (chunk: Buffer) => {
        decoded += chunk.length
        if (decoded > Math.max(smallAnswer, this.#sent * maximumRatio)) this.#fail('it grows too steeply')
      })
      const next = stages[index + 1]
      if (next === undefined) this.#listenTo(stage)
      else stage.pipe(next)
    }
    const [first] = stages as [Transform]
    first.on('drain', () => this.#receiver.drained())
    return first
  }

  #listenTo(last: Transform): void {
    last.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#receiver.data(chunk)) last.pause()
    })
    last.on('end', () => {
      if (this.#over) return
      this.#over = true
      this.#receiver.end()
    })
  }

  #fail(reason: string, cause?: unknown): void {
    if (this.#over) return
    this.stop()
    this.#receiver.fault(
      new Fault('RESPONSE_UNDECODABLE', `the answer cannot be decoded: ${reason}`, {
        source: 'upstream',
        cause,
      }),
    )
  }
}

const maximumCodings = 2

/** How many times longer than what was sent an answer may become, and the bytes that each may become whatever it was. */
const maximumRatio = 500
const smallAnswer = 1_048_576

/** Bytes by which the formats of a coding are told apart. */
const longestSign = 2

type CreateDecoder = (start: Buffer | undefined) => Transform

const decoders: ReadonlyMap<string, CreateDecoder> = new Map<string, CreateDecoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // It means the zlib format, and some services send it without its header (RFC 9110 section 8.4.1.2).
  [
    'deflate',
    (start) => (start === undefined || hasZlibHeader(start) ? createInflate() : createInflateRaw()),
  ],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
])

function createDecoder(coding: string, start: Buffer | undefined): Transform {
  const create = decoders.get(coding)
  if (create === undefined) throw new Error(`no decoder for ${coding}`)
  return create(start)
}

function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}
