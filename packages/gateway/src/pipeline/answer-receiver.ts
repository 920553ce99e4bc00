import { defineProblem, Fault, type Clock, type Problem } from '@gateward/kernel'
import type { Exchange } from '../exchange/exchange.ts'
import type { HeaderList } from '../exchange/header-list.ts'
import type { Reply } from '../exchange/reply.ts'
import type { Plan } from '../site/site.ts'
import { removeHopByHop } from '../upstream/answer-headers.ts'
import { decodeAnswer } from '../upstream/decode-answer.ts'
import type { UpstreamCall, UpstreamReceiver } from '../upstream/upstream.ts'
import { faultToProblem } from './fault.ts'
import { isInspectable } from './is-inspectable.ts'
import { turnLocationsOutward } from './outward-location.ts'

interface Listener {
  /** The answer stands in the exchange: whole, without a body, or as a stream that waits for `stream()`. */
  ready(): void
  /** The upstream failed before a byte went out. */
  broken(problem: Problem): void
}

/**
 * Takes the upstream's answer: holds it whole where a guard looks at bodies of its kind, else lets it flow
 * as the client reads. Nothing flows before the guards have seen the head.
 */
export class AnswerReceiver implements UpstreamReceiver {
  call: UpstreamCall | undefined
  readonly #exchange: Exchange
  readonly #plan: Plan
  readonly #reply: Reply
  readonly #clock: Clock
  readonly #listener: Listener
  #chunks: Buffer[] = []
  #size = 0
  #mode: 'waiting' | 'whole' | 'held' | 'flowing' | 'over' = 'waiting'
  #ended = false

  constructor(exchange: Exchange, plan: Plan, reply: Reply, clock: Clock, listener: Listener) {
    this.#exchange = exchange
    this.#plan = plan
    this.#reply = reply
    this.#clock = clock
    this.#listener = listener
  }

  head(status: number, headers: HeaderList): void {
    this.#exchange.answeredTick = this.#clock.tick()
    removeHopByHop(headers)
    if (this.#plan.destination.kind === 'upstream') turnLocationsOutward(headers, this.#plan.destination)
    const bodiless = this.#exchange.request.method === 'HEAD' || status === 204 || status === 304
    const whole =
      !bodiless &&
      this.#plan.wholeAnswer &&
      isInspectable(headers.get('content-type'), status, this.#plan.answerTypes)
    this.#exchange.answer = {
      status,
      headers,
      body: { kind: bodiless ? 'none' : 'stream' },
      source: 'upstream',
    }
    this.#mode = whole ? 'whole' : bodiless ? 'over' : 'held'
    if (whole) return
    // What a guard would change in the body of a GET changes the length that HEAD tells.
    if (bodiless && this.#plan.wholeAnswer) headers.delete('content-length')
    this.#listener.ready()
  }

  data(chunk: Buffer): boolean {
    if (this.#mode === 'flowing') return this.#flow(chunk)
    if (this.#mode === 'over') return true
    this.#size += chunk.length
    this.#chunks.push(chunk)
    if (this.#mode === 'held') return this.#size < heldBytes
    if (this.#size <= this.#plan.body.maxResponse) return true
    this.#breakOff(
      new Fault('RESPONSE_TOO_LARGE', 'the answer is larger than may be held whole', { source: 'upstream' }),
    )
    return true
  }

  end(): void {
    this.#ended = true
    if (this.#mode === 'whole') this.#endWhole()
    else if (this.#mode === 'flowing') {
      this.#mode = 'over'
      this.#reply.end()
    }
  }

  fault(fault: Fault): void {
    if (this.#mode === 'over') return
    if (this.#mode === 'waiting' || this.#mode === 'whole') {
      this.#mode = 'over'
      this.#listener.broken(faultToProblem(fault))
      return
    }
    // The head is out or on its way: only a broken connection tells the client that the body is not whole.
    this.#mode = 'over'
    this.#exchange.problem = faultToProblem(fault)
    this.#reply.abort()
  }

  /** The guards have seen the head: lets the body flow, in one piece where it is all there already. */
  stream(): void {
    const { answer } = this.#exchange
    if (this.#mode !== 'held' || answer === undefined) return
    if (this.#ended) {
      this.#mode = 'over'
      this.#reply.send(answer.status, answer.headers.flat, this.#joined())
      return
    }
    this.#mode = 'flowing'
    this.#reply.head(answer.status, answer.headers.flat)
    const chunks = this.#chunks
    this.#chunks = []
    let room = true
    for (const chunk of chunks) room = this.#reply.write(chunk)
    if (room) this.call?.resume()
    else this.#resumeWhenDrained()
  }

  /**
   * Another answer goes out in this one's place: what still comes of it is not waited for, since an event stream
   * that nobody reads would keep its connection to the upstream for as long as it may last.
   */
  discard(): void {
    if (this.#mode !== 'held') return
    this.#mode = 'over'
    this.#chunks = []
    if (!this.#ended) this.call?.abort()
  }

  #flow(chunk: Buffer): boolean {
    if (this.#reply.write(chunk)) return true
    this.#resumeWhenDrained()
    return false
  }

  #resumeWhenDrained(): void {
    this.#reply.onDrain(() => this.call?.resume())
  }

  #endWhole(): void {
    const { answer } = this.#exchange
    if (answer === undefined) return
    const bytes = this.#joined()
    this.#mode = 'over'
    if (answer.headers.get('content-encoding') === undefined) {
      answer.body = { kind: 'whole', bytes }
      this.#listener.ready()
      return
    }
    decodeAnswer(answer.headers, bytes, this.#plan.body.maxResponse).then(
      (decoded) => {
        answer.body = { kind: 'whole', bytes: decoded }
        this.#listener.ready()
      },
      () => this.#listener.broken(undecodable),
    )
  }

  #breakOff(fault: Fault): void {
    this.call?.abort()
    this.fault(fault)
  }

  #joined(): Buffer {
    const [first] = this.#chunks
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    this.#chunks = []
    return bytes
  }
}

/** What may wait for the guards' word on the head before the upstream is told to pause; bytes. */
const heldBytes = 65_536

const undecodable = defineProblem(
  'RESPONSE_INVALID',
  'the answer has a Content-Encoding that cannot be undone in its bounds',
)
