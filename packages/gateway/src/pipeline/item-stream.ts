import type { Clock } from '@gateward/kernel'
import type { AnsweredExchange } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { Plan } from '../site/site.ts'
import { openAnswerFlow, type ItemAnswer } from './answer-items.ts'
import type { ItemFlow } from './item-flow.ts'

/** An answer on its way to the client, item by item. */
export class ItemStream {
  /** Whether something of it is out, so that only a broken connection tells the client that it is not whole. */
  headSent = false
  readonly #exchange: AnsweredExchange
  readonly #reply: Reply
  readonly #flow: ItemFlow

  /** @throws ItemRefused where a guard lets none of it go */
  constructor(exchange: AnsweredExchange, plan: Plan, items: ItemAnswer, reply: Reply, clock: Clock) {
    this.#exchange = exchange
    this.#reply = reply
    this.#flow = openAnswerFlow(exchange, plan, items, clock)
    // Its length is another one when guards have changed what is in it.
    exchange.answer.headers.delete('content-length')
  }

  /**
   * Sends the items that a chunk ends; false where the client reads slower than they come. Nothing goes out before the items of
   * a first chunk were seen, so that what is wrong in them refuses the answer whole.
   *
   * @throws ItemRefused
   */
  take(chunk: Buffer): boolean {
    const bytes = this.#flow.push(chunk)
    if (bytes.length === 0) return true
    const { status, headers } = this.#exchange.answer
    if (!this.headSent) this.#reply.head(status, headers.flat)
    this.headSent = true
    return this.#reply.write(bytes)
  }

  /** @throws ItemRefused */
  end(): void {
    const last = this.#flow.end()
    const { status, headers } = this.#exchange.answer
    if (!this.headSent) return this.#reply.send(status, headers.flat, last)
    if (last.length > 0) this.#reply.write(last)
    this.#reply.end()
  }

  /** Tells the trail what guards did of an answer that does not come to its end. */
  breakOff(): void {
    this.#flow.tell()
  }
}
