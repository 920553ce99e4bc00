import { Breather, type Clock } from '@gateward/kernel'
import type { FieldPolicy, Waf, WafMatch, WafTransaction, WafVerdict } from '@gateward/waf'
import type { Exchange } from '../../exchange/exchange.ts'
import { readJsonLines } from '../../exchange/json-lines.ts'
import type { RuleMatch, RuleReport } from '../../exchange/rule-report.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type ItemVisitor, type Refusal, type Verdict } from '../guard.ts'
import { blockVerdict, describeMatches, toText, type Block, type BlockCode } from './block-verdict.ts'
import { ItemInspection } from './item-inspection.ts'
import type { Inspected } from './logs/inspected.ts'
import type { RuleLog } from './logs/rule-log.ts'
import { toWafHead, toWafResponseHead } from './heads.ts'

/** What the inspections of one operation share. */
export interface InspectionSubject {
  readonly waf: Waf
  readonly policy: FieldPolicy | undefined
  readonly log: RuleLog | undefined
  /** Whether a block is carried out. */
  readonly enforces: boolean
  readonly clock: Clock
}

/** One exchange under the rules: its phases in order, each asked once, and what they found noted at its end. */
export class Inspection implements RuleReport {
  /** The score at which it was blocked. */
  score: number | undefined
  readonly #subject: InspectionSubject
  readonly #exchange: Exchange
  readonly #transaction: WafTransaction
  #block: Inspected['block']
  #requestBody: Buffer | undefined
  #items: ItemInspection | undefined
  #answerBody: Buffer | undefined
  /** The matches so far as they are told; made anew where there are more. */
  #told: readonly RuleMatch[] = none
  /** How many of them are in the notes of earlier phases. */
  #noted = 0
  #watchesEnd = false

  constructor(subject: InspectionSubject, exchange: Exchange) {
    const { waf, policy, log } = subject
    this.#subject = subject
    this.#exchange = exchange
    this.#transaction = waf.begin(toWafHead(exchange), policy)
    exchange.rules = this
    if (waf.hasRules(5) || log?.wantsEverything === true) this.#watchEnd()
  }

  get matches(): readonly RuleMatch[] {
    const matches = this.#found()
    if (matches.length !== this.#told.length) {
      this.#told = matches.map(({ id, msg, variable }) => ({
        id,
        at: toText(variable),
        message: toText(msg),
      }))
    }
    return this.#told
  }

  get skipped(): readonly string[] {
    return this.#transaction.proven
  }

  /** Runs the phases of a request that is refused already, on its head alone, for what they find. */
  observe(): void {
    this.#transaction.requestHeaders()
    this.#transaction.requestBody(noBody)
    if (this.#transaction.matches.length > 0) this.#watchEnd()
  }

  requestHead(): Verdict {
    return this.#settle(this.#transaction.requestHeaders(), 'REQUEST_BLOCKED')
  }

  requestBody(bytes: Buffer): Verdict {
    if (this.#subject.log?.wantsBodies === true) this.#requestBody = bytes
    return this.#settle(this.#transaction.requestBody(bytes), 'REQUEST_BLOCKED')
  }

  /** Of JSON lines that are held whole: as of those that flow. What is no JSON among them is for validation to refuse. */
  async requestLines(body: WholeBody): Promise<Verdict> {
    const items = this.requestItems()
    if (items === undefined) return pass
    if ('kind' in items) return items
    const reading = readJsonLines(body.toBytes(), body.limits)
    const breather = new Breather()
    for (const item of reading.kind === 'value' ? (reading.value as readonly unknown[]) : []) {
      const outcome = items.visit(item)
      if (outcome.kind === 'refuse') return outcome
      await breather.pause()
    }
    const note = items.note?.()
    return note === undefined ? pass : { kind: 'pass', note }
  }

  /** Of a body that flows: phase 2 without it, and then the rules on each of its items. */
  requestItems(): ItemVisitor | Refusal | undefined {
    const verdict = this.requestBody(noBody)
    if (verdict.kind === 'refuse') return verdict
    if (!this.#transaction.wantsRequestBody) return undefined
    const { waf, policy } = this.#subject
    this.#items = new ItemInspection({
      waf,
      policy,
      head: toWafHead(this.#exchange),
      found: this.#transaction.matches,
      refuse: (block, matches) => this.#refuse(block, 2, 'REQUEST_BLOCKED', matches),
      describe: (matches) => {
        if (matches.length === 0) return undefined
        this.#watchEnd()
        return describeMatches(matches)
      },
    })
    return this.#items
  }

  /** An answer whose body is not held whole is asked about with an empty one, so that rules which sum up still run. */
  responseHead(): Verdict {
    const { answer } = this.#exchange
    if (answer === undefined || answer.source !== 'upstream') return pass
    const head = toWafResponseHead(answer)
    const verdict = this.#settle(this.#transaction.responseHeaders(head), 'RESPONSE_BLOCKED')
    if (verdict.kind !== 'pass' || answer.body.kind === 'whole') return verdict
    return this.#settle(this.#transaction.responseBody(noBody), 'RESPONSE_BLOCKED')
  }

  responseBody(bytes: Buffer): Verdict {
    const contentType = this.#exchange.answer?.headers.get('content-type') ?? ''
    if (this.#subject.log?.wantsBodies === true) this.#answerBody = bytes
    const seen = this.#transaction.wantsResponseBody(contentType) ? bytes : noBody
    return this.#settle(this.#transaction.responseBody(seen), 'RESPONSE_BLOCKED')
  }

  #settle(verdict: WafVerdict, code: BlockCode): Verdict {
    const { matches } = this.#transaction
    if (verdict.kind === 'block') return this.#refuse(verdict, this.#transaction.phase, code, matches)
    if (matches.length === this.#noted) return pass
    this.#watchEnd()
    const found = matches.slice(this.#noted)
    this.#noted = matches.length
    return { kind: 'pass', note: describeMatches(found) }
  }

  #refuse(block: Block, phase: number, code: BlockCode, matches: readonly WafMatch[]): Refusal {
    const { score, ruleId, status } = block
    this.score = score
    this.#block = { ruleId, status, phase }
    this.#watchEnd()
    return blockVerdict(block, code, matches)
  }

  #found(): readonly WafMatch[] {
    const { matches } = this.#transaction
    return this.#items === undefined ? matches : [...matches, ...this.#items.matches]
  }

  // Most exchanges match nothing, and then no closure is made for their end.
  #watchEnd(): void {
    if (this.#watchesEnd) return
    this.#watchesEnd = true
    this.#exchange.onEnd(() => this.#finish())
  }

  #finish(): void {
    const { log, enforces, clock } = this.#subject
    const transaction = this.#transaction
    transaction.logging()
    log?.write(
      {
        exchange: this.#exchange,
        matches: this.#found(),
        block: this.#block,
        enforced: enforces,
        requestBody: this.#requestBody,
        answerBody: this.#answerBody,
        time: clock.now(),
      },
      { mode: transaction.auditMode, parts: transaction.auditParts },
    )
  }
}

const noBody = Buffer.alloc(0)
const none: readonly RuleMatch[] = []
