import { Fault, type Clock, type Problem } from '@gateward/kernel'
import { writeExactly } from '../exchange/exact-json.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { ItemsError, JsonItems, type ItemFraming } from '../exchange/json-items.ts'
import { readJson, type JsonLimits } from '../exchange/strict-json.ts'
import type { ItemVisitor, Refusal } from '../guards/guard.ts'
import type { Step } from '../site/site.ts'
import { thrownToProblem } from './fault.ts'
import { ItemRefused } from './item-refused.ts'

/** Whose items flow, past which guards, and within which bounds. */
export interface ItemFlowOptions {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly phase: 'request-body' | 'response-body'
  /** In the order in which they see an item. */
  readonly steps: readonly Step[]
  readonly visitorOf: (step: Step) => ItemVisitor | Refusal | undefined
  readonly framing: ItemFraming
  /** Bytes of one item. */
  readonly mostBytes: number
  readonly mostItems: number
  readonly json: JsonLimits
  /** What a client is told of a body that is no such stream. */
  readonly toProblem: (error: ItemsError) => Problem
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

/** Leads each item of a body past the guards, as its bytes come. */
export class ItemFlow {
  readonly #options: ItemFlowOptions
  readonly #items: JsonItems
  readonly #visits: Visit[] = []
  #count = 0

  /** @throws ItemRefused where a guard lets none of it go */
  constructor(options: ItemFlowOptions) {
    this.#options = options
    this.#items = new JsonItems(options.framing, options.mostBytes)
    for (const step of options.steps) this.#open(step)
  }

  /**
   * The items that a chunk ends, each for `pass`.
   *
   * @throws ItemRefused
   */
  split(chunk: Buffer): readonly Buffer[] {
    return this.#guarded(() => this.#items.push(chunk))
  }

  /**
   * An item as it goes on.
   *
   * @throws ItemRefused
   */
  pass(text: Buffer): Buffer {
    return this.#guarded(() => this.#items.write(this.#look(text)))
  }

  /**
   * The items that a chunk ends, as they go on.
   *
   * @throws ItemRefused
   */
  push(chunk: Buffer): Buffer {
    return Buffer.concat(this.split(chunk).map((text) => this.pass(text)))
  }

  /**
   * What goes on when the last byte has come.
   *
   * @throws ItemRefused
   */
  end(): Buffer {
    const texts = this.#guarded(() => this.#items.end())
    const last = Buffer.concat([...texts.map((text) => this.pass(text)), this.#items.writeEnd()])
    this.tell()
    return last
  }

  /** Tells the trail what guards did, once; a body that is broken off has one, too. */
  tell(): void {
    const { exchange, phase } = this.#options
    for (const { step, visitor, elapsed, note, code, verdict } of this.#visits.splice(0))
      exchange.trail.push({
        guard: step.name,
        phase,
        verdict,
        mode: step.mode,
        note: note ?? visitor.note?.(),
        code,
        elapsed,
      })
  }

  #open(step: Step): void {
    const { exchange, phase, visitorOf } = this.#options
    const opened = this.#guarded(() => visitorOf(step))
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
    const { name: guard, mode } = step
    exchange.trail.push({ guard, phase, verdict: 'refuse', mode, note: reason, code, elapsed: 0 })
    if (mode === 'enforce') throw new ItemRefused(opened.problem)
  }

  #look(text: Buffer): Buffer | string {
    const { json, mostItems } = this.#options
    if (++this.#count > mostItems) throw new ItemsError(`more than ${mostItems} items`)
    const reading = readJson(text, json)
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
    const { clock } = this.#options
    const started = clock.tick()
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
      visit.elapsed += clock.tick() - started
    }
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (thrown) {
      this.tell()
      if (thrown instanceof ItemRefused) throw thrown
      if (!(thrown instanceof ItemsError)) throw new ItemRefused(thrownToProblem(thrown))
      throw new ItemRefused(this.#options.toProblem(thrown))
    }
  }
}
