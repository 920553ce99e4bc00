import type { HeaderList } from '../exchange/header-list.ts'
import { AnswerDecoder, takeOffCodings } from '../upstream/answer-decoder.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'

interface Listener {
  /** Returns false to be spared more until `resume`. */
  data(chunk: Buffer): boolean
  end(): void
  /** It is not in the coding that it names, or grows too steeply; nothing follows. */
  undecodable(): void
}

/** Where the body of an answer comes from: the service, with a decoder behind it where guards look at what comes in a coding. */
export class AnswerSource {
  call: UpstreamCall | undefined
  readonly #listener: Listener
  #decoder: AnswerDecoder | undefined
  #ended = false

  constructor(listener: Listener) {
    this.#listener = listener
  }

  /** Takes the codings that an answer names off what comes from now on; false where one of them cannot be. */
  decode(headers: HeaderList): boolean {
    const codings = takeOffCodings(headers)
    if (codings === undefined || codings.length === 0) return codings !== undefined
    this.#decoder = new AnswerDecoder(codings, {
      data: (chunk) => this.#listener.data(chunk),
      end: () => this.#listener.end(),
      fault: () => this.#listener.undecodable(),
      drained: () => this.call?.resume(),
    })
    return true
  }

  /** What comes from the service; false where it should wait. */
  data(chunk: Buffer): boolean {
    return this.#decoder === undefined ? this.#listener.data(chunk) : this.#decoder.write(chunk)
  }

  end(): void {
    this.#ended = true
    if (this.#decoder === undefined) this.#listener.end()
    else this.#decoder.end()
  }

  /** There is room for more. A decoder that goes on asks the service for more by itself. */
  resume(): void {
    if (this.#decoder === undefined) this.call?.resume()
    else this.#decoder.resume()
  }

  /** Nothing more is wanted of it. */
  giveUp(): void {
    this.#decoder?.stop()
    if (!this.#ended) this.call?.abort()
  }
}
