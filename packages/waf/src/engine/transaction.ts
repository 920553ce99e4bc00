import type { Clock } from '@gateward/kernel'
import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import type { AuditMode } from '../3-compile/effect.ts'
import type { BodyLimits } from '../bodies/body-limits.ts'
import { chooseBodyReader } from '../bodies/choose-body-reader.ts'
import { decodeBody } from '../bodies/encoding/decode-body.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf, toBuffer } from '../language/bytes.ts'
import type { FieldPolicy } from '../fields/field-policy.ts'
import { forgetWalks } from '../regex/side-by-side.ts'
import { scoreOf } from './anomaly-score.ts'
import type { CollectionStore } from './collection-store.ts'
import { fillRequestHead, fillResponseHead } from './fill-request.ts'
import type { WafMatch, WafVerdict } from './match.ts'
import { pass } from './match.ts'
import { forgetForms } from './remembered-forms.ts'
import { readRequestBody } from './read-request-body.ts'
import type { WafRequestHead, WafResponseHead } from './request-head.ts'
import type { PhaseHost, RunnablePhase } from './run-phase.ts'
import { runPhase } from './run-phase.ts'
import { TransactionState } from './transaction-state.ts'

/** What every transaction of one engine shares. */
export interface EngineParts {
  readonly ruleSet: RuleSet
  /** By their number; 0 is an empty one. */
  readonly phases: readonly RunnablePhase[]
  readonly store: CollectionStore
  readonly clock: Clock
  readonly limits: BodyLimits
  /** Milliseconds of rule work that one transaction may use. */
  readonly budget: number
  /** What becomes of a transaction whose budget is used up. */
  readonly onBudget: 'block' | 'pass'
}

/** Most matches that are kept of one transaction; later ones still count in scores. */
const mostMatches = 500

/** What a step costs besides the bytes it reads, as so many of them; and after how much of both the clock is looked at. */
const bytesOfStep = 256
const bytesBetweenLooks = 4_096

/** Most bytes of a match's message, and of its data. */
const longestText = 1_024

/**
 * One request and its response under the rules. The phases are called in order, each at most once; after a block only `logging`
 * is left. Nothing of a transaction outlives it but what rules put into persistent collections.
 */
export class WafTransaction implements PhaseHost {
  readonly #head: WafRequestHead
  readonly #parts: EngineParts
  readonly #state: TransactionState
  readonly #matches: WafMatch[] = []
  /** Milliseconds of rule work that are left; the time between phases is the host's. */
  #budget: number
  #deadline = 0
  #phase = 0
  #verdict: WafVerdict = pass
  #allowed: 'no' | 'request' | 'all' = 'no'
  #exhausted = false
  #sinceAsked = 0

  constructor(head: WafRequestHead, parts: EngineParts, policy?: FieldPolicy) {
    this.#head = head
    this.#parts = parts
    this.#state = new TransactionState(parts.ruleSet.settings, parts.store, parts.clock, policy)
    this.#budget = parts.budget
  }

  /** What has matched so far, in order: the rules that log. */
  get matches(): readonly WafMatch[] {
    return this.#matches
  }

  /** The verdict of the phases so far. */
  get verdict(): WafVerdict {
    return this.#verdict
  }

  /** The anomaly score so far: of the request in phases 1 and 2, of the response after them. */
  get score(): number {
    return scoreOf(this.#state, this.#phase)
  }

  /** The phase that ran last; 0 before the first. */
  get phase(): number {
    return this.#phase
  }

  /** Whether the rules were asked to the end within the transaction's budget. */
  get isComplete(): boolean {
    return !this.#exhausted
  }

  /** The fields whose values were proven harmless and passed over, with what proved them: `query page (integer)`. */
  get proven(): readonly string[] {
    return this.#state.sink.proven
  }

  get auditMode(): AuditMode {
    return this.#state.auditMode
  }

  /** The letters of the parts that the audit record of this transaction has. */
  get auditParts(): string {
    return this.#state.auditParts
  }

  /** Whether the phases about the response's body would look at one of this type. */
  wantsResponseBody(contentType: string): boolean {
    if (this.#state.mode === 'off' || !this.#state.responseBodyAccess) return false
    const { responseBodyTypes } = this.#parts.ruleSet.settings
    // Most services write a type as it is listed.
    if (responseBodyTypes.includes(contentType)) return true
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    return responseBodyTypes.includes(type)
  }

  /** Whether the request's body is to be given to `requestBody`. */
  get wantsRequestBody(): boolean {
    return this.#state.mode !== 'off' && this.#state.requestBodyAccess
  }

  /** Phase 1, on the request's head. */
  requestHeaders(): WafVerdict {
    const state = this.#state
    if (state.mode === 'off') return pass
    const error = fillRequestHead(this.#head, state, this.#parts.limits)
    const processor = chooseBodyReader(this.#header('content-type'))
    if (processor !== undefined) state.setBodyProcessor(processor.name)
    if (error !== undefined) failBody(state, error)
    return this.#run(1)
  }

  /** Phase 2, on the request's body, empty where there was none. */
  requestBody(body: Uint8Array): WafVerdict {
    if (this.#state.mode === 'off') return pass
    const refused = this.#state.requestBodyAccess ? this.#takeRequestBody(body) : undefined
    return refused ?? this.#run(2)
  }

  /** Phase 3, on the response's head. */
  responseHeaders(head: WafResponseHead): WafVerdict {
    if (this.#state.mode === 'off') return pass
    fillResponseHead(head, this.#state)
    if (this.#allowed === 'request') this.#allowed = 'no'
    return this.#run(3)
  }

  /** Phase 4, on the response's body as it is without content coding; empty where it was not wanted. */
  responseBody(body: Uint8Array): WafVerdict {
    const { settings } = this.#parts.ruleSet
    const { variables, responseBodyLimit } = this.#state
    if (this.#state.mode === 'off') return pass
    const isOver = body.byteLength > responseBodyLimit
    variables.set('OUTBOUND_DATA_ERROR', (isOver ? '1' : '0') as ByteString)
    const rejects = settings.responseBodyLimitAction === 'reject' && this.#state.mode === 'on'
    if (isOver && rejects) return this.#block(502, 0)
    variables.set('RESPONSE_BODY', bytesOf(upTo(body, responseBodyLimit)))
    variables.set('RESPONSE_CONTENT_LENGTH', String(body.byteLength) as ByteString)
    return this.#run(4)
  }

  /** Phase 5, after everything: it may note, but no longer block. */
  logging(): void {
    if (this.#state.mode === 'off') return
    this.#askRules(5)
  }

  /** A rule has matched: notes it, if it logs. */
  matched(rule: CompiledRule): void {
    const state = this.#state
    if (rule.severity !== undefined && rule.severity < state.highestSeverity) {
      state.highestSeverity = rule.severity
    }
    if (!rule.isLogged || this.#matches.length >= mostMatches) return
    this.#matches.push({
      id: rule.id,
      phase: this.#phase,
      msg: rule.message === undefined ? '' : state.expand(rule.message).slice(0, longestText),
      data: rule.logData === undefined ? '' : state.expand(rule.logData).slice(0, longestText),
      severity: rule.severity,
      tags: rule.tags,
      variable:
        rule.links.at(-1)?.condition === undefined ? '' : (state.lastMatch?.name.slice(0, longestText) ?? ''),
      position: rule.position,
      isAudited: rule.isAudited,
    })
  }

  /** Follows a rule's disruptive action, unless the engine only detects. */
  disrupt(rule: CompiledRule): 'go-on' | 'stop' {
    const { disruption } = rule
    if (disruption.kind === 'none' || this.#state.mode !== 'on') return 'go-on'
    if (disruption.kind === 'allow') {
      if (disruption.until !== 'phase') this.#allowed = disruption.until
      return 'stop'
    }
    if (this.#phase === 5) return 'go-on'
    const location = disruption.kind === 'redirect' ? this.#state.expand(disruption.location) : undefined
    this.#block(disruption.status, rule.id, location)
    return 'stop'
  }

  /** Asks the clock only now and then: it costs as much as a rule, or as a few hundred bytes of a value. */
  isExhausted(bytes: number): boolean {
    this.#sinceAsked += bytesOfStep + bytes
    if (!this.#exhausted && this.#sinceAsked > bytesBetweenLooks) {
      this.#sinceAsked = 0
      this.#exhausted = this.#parts.clock.tick() > this.#deadline
    }
    return this.#exhausted
  }

  #run(phase: number): WafVerdict {
    this.#phase = phase
    if (this.#verdict.kind === 'block' || this.#allowed !== 'no') return this.#verdict
    this.#askRules(phase)
    if (this.#exhausted && this.#parts.onBudget === 'block' && this.#state.mode === 'on') {
      if (this.#verdict.kind === 'pass') return this.#block(503, 0)
    }
    return this.#verdict
  }

  #askRules(phase: number): void {
    const { clock, phases } = this.#parts
    this.#phase = phase
    const started = clock.tick()
    this.#deadline = started + this.#budget
    const runnable = phases[phase]
    if (runnable !== undefined) runPhase(runnable, this.#state, this)
    forgetWalks()
    forgetForms()
    this.#budget -= clock.tick() - started
  }

  #takeRequestBody(body: Uint8Array): WafVerdict | undefined {
    const state = this.#state
    const { settings } = this.#parts.ruleSet
    const sent = toBuffer(body)
    const coding = this.#head.isBodyDecoded === true ? '' : this.#header('content-encoding')
    const decoding = decodeBody(sent, coding, this.#parts.limits)
    const decoded = decoding.kind === 'decoded' ? decoding.body : sent
    const { requestBodyLimit } = state
    const { requestBodyNoFilesLimit } = settings
    const mayHaveFiles = state.bodyProcessor === 'MULTIPART'
    const limit = mayHaveFiles ? requestBodyLimit : Math.min(requestBodyLimit, requestBodyNoFilesLimit)
    const isOver = decoded.byteLength > limit
    state.variables.set('INBOUND_DATA_ERROR', (isOver ? '1' : '0') as ByteString)
    if (isOver && this.#rejectsLongBodies) return this.#block(413, 0)
    const contentType = this.#header('content-type') as ByteString
    const error = readRequestBody(upTo(decoded, limit), contentType, state, this.#parts.limits)
    const failure = decoding.kind === 'failed' ? decoding.error : error
    if (failure !== undefined) failBody(state, failure)
    const withoutFiles = decoded.byteLength - (mayHaveFiles ? state.fileBytes : 0)
    return withoutFiles > requestBodyNoFilesLimit ? this.#refuseWithoutFiles() : undefined
  }

  /** What of a body is no file, and so meant for rules, is longer than they look at: refused, or else told to them. */
  #refuseWithoutFiles(): WafVerdict | undefined {
    if (this.#rejectsLongBodies) return this.#block(413, 0)
    this.#state.variables.set('INBOUND_DATA_ERROR', '1' as ByteString)
    failBody(this.#state, 'the body without its files is longer than SecRequestBodyNoFilesLimit')
    return undefined
  }

  get #rejectsLongBodies(): boolean {
    return this.#parts.ruleSet.settings.requestBodyLimitAction === 'reject' && this.#state.mode === 'on'
  }

  /** The values of a header, joined as one list where it came more than once, lest the engine read only one of them. */
  #header(lowerName: string): string {
    let joined: string | undefined
    for (const [name, value] of this.#head.headers) {
      if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue
      joined = joined === undefined ? value : `${joined}, ${value}`
    }
    return joined ?? ''
  }

  #block(status: number, ruleId: number, location?: string): WafVerdict {
    const score = scoreOf(this.#state, this.#phase)
    this.#verdict = { kind: 'block', status, ruleId, score, ...(location !== undefined && { location }) }
    return this.#verdict
  }
}

function upTo<Bytes extends Uint8Array>(bytes: Bytes, limit: number): Bytes {
  return bytes.byteLength > limit ? (bytes.subarray(0, limit) as Bytes) : bytes
}

function failBody({ variables }: TransactionState, error: string): void {
  variables.set('REQBODY_ERROR', '1' as ByteString)
  variables.set('REQBODY_PROCESSOR_ERROR', '1' as ByteString)
  variables.set('REQBODY_ERROR_MSG', error as ByteString)
  variables.set('REQBODY_PROCESSOR_ERROR_MSG', error as ByteString)
}
