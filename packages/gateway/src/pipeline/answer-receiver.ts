import { defineProblem, Fault, type Clock, type Problem } from '@gateward/kernel'
import type { AnsweredExchange, Exchange } from '../exchange/exchange.ts'
import type { HeaderList } from '../exchange/header-list.ts'
import { beginsList } from '../exchange/json-items.ts'
import type { Reply } from '../exchange/reply.ts'
import type { Plan } from '../site/site.ts'
import { removeHopByHop } from '../upstream/answer-headers.ts'
import type { UpstreamReceiver } from '../upstream/upstream.ts'
import { AnswerSource } from './answer-source.ts'
import { findAnswerItems, type ItemAnswer } from './answer-items.ts'
import { faultToProblem, thrownToProblem } from './fault.ts'
import { isInspectable } from './is-inspectable.ts'
import { ItemRefused } from './item-refused.ts'
import { ItemStream } from './item-stream.ts'
import { turnLocationsOutward } from './outward-location.ts'

interface Listener {
  /** Asks the service for the same at another path, where there is one; then nothing of this answer is wanted. */
  askElsewhere(): boolean
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
  readonly source = new AnswerSource({
    data: (chunk) => this.#receive(chunk),
    end: () => this.#finish(),
    undecodable: () => this.#refuse(undecodable),
  })
  readonly #exchange: Exchange
  readonly #plan: Plan
  readonly #reply: Reply
  readonly #clock: Clock
  readonly #listener: Listener
  #chunks: Buffer[] = []
  #size = 0
  #mode: 'waiting' | 'whole' | 'held' | 'flowing' | 'items' | 'over' = 'waiting'
  #ended = false
  /** How items are looked at where the answer flows; of a list it flows only when it is long. */
  #items: ItemAnswer | undefined
  #itemStream: ItemStream | undefined
  #hasRoom = true

  constructor(exchange: Exchange, plan: Plan, reply: Reply, clock: Clock, listener: Listener) {
    this.#exchange = exchange
    this.#plan = plan
    this.#reply = reply
    this.#clock = clock
    this.#listener = listener
  }

  head(status: number, headers: HeaderList): void {
    if (status === 404 && this.#exchange.otherPaths !== undefined && this.#listener.askElsewhere()) {
      this.#mode = 'over'
      return
    }
    this.#exchange.answeredTick = this.#clock.tick()
    removeHopByHop(headers)
    if (this.#plan.destination.kind === 'upstream') turnLocationsOutward(headers, this.#plan.destination)
    const bodiless = this.#exchange.request.method === 'HEAD' || status === 204 || status === 304
    const contentType = headers.get('content-type')
    const whole =
      !bodiless && this.#plan.wholeAnswer && isInspectable(contentType, status, this.#plan.answerTypes)
    const items = bodiless ? undefined : findAnswerItems(this.#plan, status, contentType)
    // A list is held whole while it is short, and JSON lines only where some other guard must see them whole.
    this.#items = (items?.framing === 'list') === whole ? items : undefined
    this.#exchange.answer = {
      status,
      headers,
      body: { kind: bodiless ? 'none' : 'stream' },
      source: 'upstream',
    }
    this.#mode = whole ? 'whole' : bodiless ? 'over' : 'held'
    const isRead = whole || this.#items !== undefined
    if (isRead && headers.has('content-encoding') && !this.source.decode(headers)) {
      this.#refuse(undecodable)
      return
    }
    if (whole) return
    // What a guard would change in the body of a GET changes the length that HEAD tells.
    if (bodiless && this.#plan.wholeAnswer) headers.delete('content-length')
    this.#listener.ready()
  }

  data(chunk: Buffer): boolean {
    if (this.#mode === 'over') return true
    return this.source.data(chunk)
  }

  end(): void {
    this.source.end()
  }

  #receive(chunk: Buffer): boolean {
    if (this.#mode === 'flowing') return this.#write(chunk)
    if (this.#mode === 'items') return this.#take(chunk)
    if (this.#mode === 'over') return true
    this.#size += chunk.length
    this.#chunks.push(chunk)
    if (this.#mode === 'held') return this.#size < heldBytes
    if (this.#items !== undefined && this.#size > longestHeldList) return this.#beginItems()
    if (this.#size <= this.#plan.body.maxResponse) return true
    this.#breakOff(
      new Fault('RESPONSE_TOO_LARGE', 'the answer is larger than may be held whole', { source: 'upstream' }),
    )
    return true
  }

  #finish(): void {
    this.#ended = true
    if (this.#mode === 'whole') this.#endWhole()
    else if (this.#mode === 'items') this.#endItems()
    else if (this.#mode === 'flowing') {
      this.#mode = 'over'
      this.#reply.end()
    }
  }

  fault(fault: Fault): void {
    if (this.#mode === 'over') return
    this.source.giveUp()
    if (this.#mode === 'waiting' || this.#mode === 'whole' || (this.#mode === 'items' && !this.#isBegun)) {
      this.#mode = 'over'
      this.#listener.broken(faultToProblem(fault))
      return
    }
    this.#itemStream?.breakOff()
    // The head is out or on its way: only a broken connection tells the client that the body is not whole.
    this.#mode = 'over'
    this.#exchange.problem = faultToProblem(fault)
    this.#reply.abort()
  }

  /** The guards have seen the head: lets the body flow, in one piece where it is all there already. */
  stream(): void {
    const { answer } = this.#exchange
    if (this.#mode !== 'held' || answer === undefined) return
    if (this.#items !== undefined) {
      this.#streamItems(this.#items)
      return
    }
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
    this.#resume(room)
  }

  /**
   * Another answer goes out in this one's place: what still comes of it is not waited for, since an event stream
   * that nobody reads would keep its connection to the upstream for as long as it may last.
   */
  discard(): void {
    if (this.#mode !== 'held') return
    this.#mode = 'over'
    this.#chunks = []
    this.source.giveUp()
  }

  #write(chunk: Buffer): boolean {
    if (this.#reply.write(chunk)) return true
    this.#resumeWhenDrained()
    return false
  }

  #resume(room: boolean): void {
    if (room) this.source.resume()
    else this.#resumeWhenDrained()
  }

  #resumeWhenDrained(): void {
    this.#reply.onDrain(() => this.source.resume())
  }

  /** Whether items are out. */
  get #isBegun(): boolean {
    return this.#itemStream?.headSent === true
  }

  /** A list turned out to be long: the guards see its head now, and its items as they come. */
  #beginItems(): boolean {
    const { answer } = this.#exchange
    const [first] = this.#chunks
    if (answer === undefined || first === undefined || !beginsList(first)) {
      this.#items = undefined
      return true
    }
    answer.body = { kind: 'stream' }
    this.#mode = 'held'
    this.#listener.ready()
    // Where a guard waits, and where the client does, the flow goes on by `resume`.
    return this.#mode !== 'held' && this.#hasRoom
  }

  #streamItems(items: ItemAnswer): void {
    this.#mode = 'items'
    const chunks = this.#chunks
    this.#chunks = []
    let room = true
    try {
      const exchange = this.#exchange as AnsweredExchange
      const stream = new ItemStream(exchange, this.#plan, items, this.#reply, this.#clock)
      this.#itemStream = stream
      for (const chunk of chunks) room = stream.take(chunk)
    } catch (thrown) {
      this.#refuseItems(thrown)
      return
    }
    this.#hasRoom = room
    if (this.#ended) this.#endItems()
    else this.#resume(room)
  }

  #take(chunk: Buffer): boolean {
    try {
      if (this.#itemStream?.take(chunk) !== false) return true
    } catch (thrown) {
      this.#refuseItems(thrown)
      return true
    }
    this.#resumeWhenDrained()
    return false
  }

  #endItems(): void {
    try {
      this.#itemStream?.end()
      this.#mode = 'over'
    } catch (thrown) {
      this.#refuseItems(thrown)
    }
  }

  #refuseItems(thrown: unknown): void {
    this.#refuse(thrown instanceof ItemRefused ? thrown.problem : thrownToProblem(thrown))
  }

  /** The whole answer where nothing of it is out; else only a broken connection tells the client that it is not whole. */
  #refuse(problem: Problem): void {
    this.#mode = 'over'
    this.source.giveUp()
    if (!this.#isBegun) {
      this.#listener.broken(problem)
      return
    }
    this.#exchange.problem = problem
    this.#reply.abort()
  }

  #endWhole(): void {
    const { answer } = this.#exchange
    if (answer === undefined) return
    answer.body = { kind: 'whole', bytes: this.#joined() }
    this.#mode = 'over'
    this.#listener.ready()
  }

  #breakOff(fault: Fault): void {
    this.fault(fault)
  }

  #joined(): Buffer {
    const [first] = this.#chunks
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    this.#chunks = []
    return bytes
  }
}

/**
 * Bytes of a list that are held so that what is wrong with any of it refuses all of it. A longer one goes out while it comes,
 * where every guard can look at it item by item.
 */
const longestHeldList = 1_048_576

/** What may wait for the guards' word on the head before the upstream is told to pause; bytes. */
const heldBytes = 65_536

const undecodable = defineProblem(
  'RESPONSE_INVALID',
  'the answer has a Content-Encoding that cannot be undone in its bounds',
)
