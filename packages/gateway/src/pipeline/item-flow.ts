import { defineProblem, Fault, type Clock, type Problem } from '@gateward/kernel'
import type { BodySchema } from '@gateward/openapi'
import { writeExactly } from '../exchange/exact-json.ts'
import type { AnsweredExchange } from '../exchange/exchange.ts'
import { ItemsError, JsonItems, type ItemFraming } from '../exchange/json-items.ts'
import { readJson } from '../exchange/strict-json.ts'
import type { ItemVisitor } from '../guards/guard.ts'
import type { Plan, Step } from '../site/site.ts'
import { thrownToProblem } from './fault.ts'

/** An answer whose items are looked at while it flows. */
export interface ItemAnswer {
  readonly framing: ItemFraming
  readonly item: BodySchema
}

/**
 * How the items of an answer are framed, where guards look at them one by one: those that the contract declares as JSON
 * lines or as a list, with something in them that it classifies.
 */
export function findItems(
  plan: Plan,
  status: number,
  contentType: string | undefined,
): ItemAnswer | undefined {
  if (plan.itemSteps.length === 0 || contentType === undefined) return undefined
  const schema = plan.route.operation?.response(status)?.match(contentType)
  if (schema?.classified === undefined) return undefined
  if (schema.format === 'ndjson')
    return { framing: sequenceType.test(contentType) ? 'sequence' : 'lines', item: schema }
  if (schema.format !== 'json' || schema.items?.classified === undefined || !plan.flowsItems) return undefined
  return { framing: 'list', item: schema.items }
}

const sequenceType = /^[^;]*json-seq[ \t]*(?:;|$)/i

/** Says that an answer cannot go on; a problem that is thrown, since it ends the work on a chunk half done. */
export class ItemRefused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}

/** What one guard does with the items, and what of that goes into the trail. */
interface Visit {
  readonly step: Step
  readonly visitor: ItemVisitor
  elapsed: number
  note: string | undefined
  code: string | undefined
  verdict: 'pass' | 'refuse' | 'fault'
}

/** Leads each item of an answer up through the guards, as the bytes of the answer come. */
export class ItemFlow {
  readonly #exchange: AnsweredExchange
  readonly #plan: Plan
  readonly #clock: Clock
  readonly #items: JsonItems
  readonly #visits: Visit[] = []

  /** @throws ItemRefused where a guard lets none of it go */
  constructor(exchange: AnsweredExchange, plan: Plan, { framing, item }: ItemAnswer, clock: Clock) {
    this.#exchange = exchange
    this.#plan = plan
    this.#clock = clock
    this.#items = new JsonItems(framing, plan.body.maxResponse)
    for (const step of plan.itemSteps) this.#open(step, item)
  }

  /**
   * The items that a chunk ends, as they go out.
   *
   * @throws ItemRefused
   */
  push(chunk: Buffer): Buffer {
    return this.#guarded(() => this.#pass(this.#items.push(chunk)))
  }

  /**
   * What goes out when the last byte has come.
   *
   * @throws ItemRefused
   */
  end(): Buffer {
    const last = this.#guarded(() => Buffer.concat([this.#pass(this.#items.end()), this.#items.writeEnd()]))
    this.tell()
    return last
  }

  /** Tells the trail what guards did, once; an answer that is broken off has one, too. */
  tell(): void {
    for (const { step, visitor, elapsed, note, code, verdict } of this.#visits.splice(0))
      this.#exchange.trail.push({
        guard: step.name,
        phase: 'response-body',
        verdict,
        mode: step.mode,
        note: note ?? visitor.note?.(),
        code,
        elapsed,
      })
  }

  #open(step: Step, item: BodySchema): void {
    const opened = this.#guarded(() => step.guard.onResponseItems?.(this.#exchange, item))
    if (opened === undefined) return
    if (!('kind' in opened)) {
      this.#visits.push({
        step,
        visitor: opened,
        elapsed: 0,
        note: undefined,
        code: undefined,
        verdict: 'pass',
      })
      return
    }
    const { code, reason } = opened.problem
    const { trail } = this.#exchange
    const { name: guard, mode } = step
    trail.push({ guard, phase: 'response-body', verdict: 'refuse', mode, note: reason, code, elapsed: 0 })
    if (mode === 'enforce') throw new ItemRefused(opened.problem)
  }

  #pass(texts: readonly Buffer[]): Buffer {
    return Buffer.concat(texts.map((text) => this.#items.write(this.#look(text))))
  }

  #look(text: Buffer): Buffer | string {
    const reading = readJson(text, this.#plan.answerJson)
    if (reading.kind === 'refused') throw new ItemsError(`an item that is ${reading.reason}`)
    let { value } = reading
    const before = JSON.stringify(value)
    for (const visit of this.#visits) value = this.#visit(visit, value)
    const after = JSON.stringify(value)
    // What was not changed goes on byte for byte, and a long number elsewhere in the item as it stood there.
    return before === after ? text : (writeExactly(value, text) ?? after)
  }

  #visit(visit: Visit, value: unknown): unknown {
    const { step } = visit
    const started = this.#clock.tick()
    // What is only looked at must stay as it is for those that come after.
    const isShadow = step.mode === 'shadow'
    try {
      const outcome = visit.visitor.visit(isShadow ? structuredClone(value) : value)
      if (outcome.kind === 'item') return isShadow ? value : outcome.value
      visit.note = outcome.problem.reason
      visit.code = outcome.problem.code
      visit.verdict = 'refuse'
      if (isShadow) return value
      throw new ItemRefused(outcome.problem)
    } catch (thrown) {
      if (thrown instanceof ItemRefused) throw thrown
      const problem = thrownToProblem(thrown)
      visit.note = problem.reason
      visit.code = thrown instanceof Fault ? thrown.code : 'INTERNAL_ERROR'
      visit.verdict = 'fault'
      if (isShadow) return value
      // Whatever `onFault` says: of an item that a guard left half done nobody knows what it shows.
      throw new ItemRefused(problem)
    } finally {
      visit.elapsed += this.#clock.tick() - started
    }
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (thrown) {
      this.tell()
      if (thrown instanceof ItemRefused) throw thrown
      if (!(thrown instanceof ItemsError)) throw new ItemRefused(thrownToProblem(thrown))
      throw new ItemRefused(defineProblem('RESPONSE_INVALID', `the answer is ${thrown.message}`))
    }
  }
}
