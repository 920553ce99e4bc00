import { randomUUID } from 'node:crypto'
import type { Geography, Place } from '../geography/geography.ts'
import type { AnomalyEvent, GatewardEvent, RefusalEvent, RequestEvent } from '../observe/events/event.ts'
import { DecayedHistogram } from '../sketch/decayed-histogram.ts'
import { hash } from '../sketch/distinct-count.ts'
import type { Expectations } from './expectations.ts'
import { explainCount, explainWhereabout } from './explain.ts'
import {
  fewestRequests,
  longWindow,
  shortWindow,
  watchedOf,
  type Dimension,
  type Measure,
} from './measure.ts'
import type { Usual } from './seasonal-baseline.ts'
import { SequenceModel } from './sequence-model.ts'
import type { AnomalySettings } from './settings.ts'
import { Tally, type Subject } from './subject.ts'
import { SubjectTable } from './subject-table.ts'
import { Whereabouts, type Whereabout } from './whereabouts.ts'

export interface AnomalyDetectorOptions {
  readonly settings: AnomalySettings
  readonly geography: Geography
  readonly expectations: Expectations
  readonly report: (anomaly: AnomalyEvent) => void
}

const sensitivities = { low: 2, normal: 1, high: 0.5 } as const
/** How often the window that is not over yet is looked at, milliseconds. */
const lookEvery = 30_000

/** A finding before it is reported. */
interface Excess {
  readonly subject: Subject
  readonly measure: Measure
  readonly window: 'short' | 'long'
  readonly value: number
  readonly usual: Usual
  /** Whether the baseline is the subject's own, or that of its peers, or of nobody. */
  readonly basis: 'own' | 'peers' | 'none'
}

/** Compares what callers, operations and APIs do with what they did, and reports what is not as it was. */
export class AnomalyDetector {
  readonly #options: AnomalyDetectorOptions
  readonly #subjects: SubjectTable
  readonly #operationCodes = new Map<string, number>()
  readonly #sequences = new Map<string, SequenceModel>()
  readonly #peers = new Map<string, DecayedHistogram>()
  readonly #firstSeen = new Map<string, number>()
  readonly #reportedAt = new Map<string, number>()
  #windowStart = 0
  #nextLook = 0

  constructor(options: AnomalyDetectorOptions) {
    this.#options = options
    this.#subjects = new SubjectTable(options.settings.subjects)
  }

  receive(events: readonly GatewardEvent[]): void {
    for (const event of events) {
      if (event.kind === 'request') {
        this.#advance(event.time)
        this.#countRequest(event)
      } else if ('guard' in event && event.kind !== 'guard-fault') this.#countRefusal(event)
    }
  }

  /** Looks at the window under way, or closes it; call it every so often, also where nothing comes. */
  tick(now: number): void {
    if (this.#windowStart > 0) this.#advance(now)
  }

  get subjects(): SubjectTable {
    return this.#subjects
  }

  get firstSeen(): Map<string, number> {
    return this.#firstSeen
  }

  get peers(): Map<string, DecayedHistogram> {
    return this.#peers
  }

  #advance(time: number): void {
    if (this.#windowStart === 0) this.#windowStart = time - (time % shortWindow)
    if (time < this.#nextLook) return
    this.#nextLook = time + lookEvery
    const end = this.#windowStart + shortWindow
    this.#look(Math.min(time, end - 1), 'short')
    if (time < end) return
    this.#close(this.#windowStart)
    const next = time - (time % shortWindow)
    if (Math.floor(next / longWindow) > Math.floor(this.#windowStart / longWindow)) this.#closeLong(end - 1)
    this.#windowStart = next
  }

  #countRequest(event: RequestEvent): void {
    const { api, consumer, credential, operation } = event
    const subjects = this.#subjects.of(api)
    if (subjects === undefined) return
    if (!this.#firstSeen.has(api)) this.#firstSeen.set(api, event.time)
    const place = this.#options.geography.locate(event.client)
    count(subjects.find('api', ''), event)
    count(subjects.find('operation', operation), event)
    if (place.country !== undefined) count(subjects.find('country', place.country), event)
    const operationCode = this.#codeOf(operation)
    // An order is the same order whether it is read or changed.
    const object = event.object === '' ? undefined : hash(event.object)
    countCaller(subjects.find('address', event.block), event, operationCode, object)
    if (credential !== undefined && credential !== consumer)
      countCaller(subjects.find('key', credential), event, operationCode, object)
    if (consumer === undefined) return
    const caller = subjects.find('consumer', consumer)
    countCaller(caller, event, operationCode, object)
    this.#followSequence(caller, operation)
    this.#see(caller, place, event.time)
  }

  #countRefusal({ kind, request }: RefusalEvent): void {
    const measure = refusalMeasures.get(kind)
    const subjects = measure === undefined ? undefined : this.#subjects.of(request.api)
    if (measure === undefined || subjects === undefined) return
    const { consumer, block, client } = request
    const { country } = this.#options.geography.locate(client)
    tallyOf(subjects.find('api', '')).add(measure, 1)
    tallyOf(subjects.find('address', block)).add(measure, 1)
    if (consumer !== undefined) tallyOf(subjects.find('consumer', consumer)).add(measure, 1)
    if (country !== undefined) tallyOf(subjects.find('country', country)).add(measure, 1)
  }

  #followSequence(caller: Subject, operation: string): void {
    const from = caller.lastOperation
    caller.lastOperation = operation
    if (from === undefined) return
    let model = this.#sequences.get(caller.api)
    if (model === undefined) this.#sequences.set(caller.api, (model = new SequenceModel()))
    if (model.step(from, operation, caller.name)) caller.short?.add('rare-sequences', 1)
  }

  #see(caller: Subject, place: Place, time: number): void {
    if (place.country === undefined && place.autonomousSystem === undefined) return
    const whereabouts = (caller.whereabouts ??= new Whereabouts())
    for (const whereabout of whereabouts.see(place, time)) this.#reportWhereabout(caller, whereabout, time)
  }

  #codeOf(operation: string): number {
    const known = this.#operationCodes.get(operation)
    if (known !== undefined) return known
    const code = hash(operation)
    if (this.#operationCodes.size < mostOperations) this.#operationCodes.set(operation, code)
    return code
  }

  #look(time: number, window: 'short' | 'long'): void {
    const found: Excess[] = []
    for (const subject of window === 'short' ? this.#subjects.active : this.#subjects.all()) {
      const tally = window === 'short' ? subject.short : subject.long
      if (tally === undefined || isSmall(tally)) continue
      for (const { measure, least } of watchedOf(subject.dimension, window)) {
        const value = tally.read(measure)
        if (value < least) continue
        const excess = this.#compare(subject, measure, window, value, least, time)
        if (excess !== undefined) found.push(excess)
      }
    }
    this.#reportNarrowest(found, time)
  }

  /** What is beyond the usual; `undefined` where it is not. */
  #compare(
    subject: Subject,
    measure: Measure,
    window: 'short' | 'long',
    value: number,
    least: number,
    time: number,
  ): Excess | undefined {
    const { settings } = this.#options
    const factor = sensitivities[settings.sensitivity]
    const isNew = time - (this.#firstSeen.get(subject.api) ?? time) < settings.learn
    const { usual, basis } = this.#usualOf(subject, measure, window, least * factor, time, isNew)
    const limit = usual.expected + (usual.limit - usual.expected) * factor
    if (value <= Math.max(limit, least * factor)) return undefined
    return { subject, measure, window, value, usual: { ...usual, limit }, basis }
  }

  #usualOf(
    subject: Subject,
    measure: Measure,
    window: 'short' | 'long',
    least: number,
    time: number,
    isNew: boolean,
  ): { readonly usual: Usual; readonly basis: Excess['basis'] } {
    if (subject.isSeasonal) {
      const usual = window === 'short' ? subject.season(measure).usual(time, seasonalFactor) : undefined
      if (usual !== undefined && !isNew)
        return { usual: { ...usual, limit: Math.max(usual.limit, usual.expected + least) }, basis: 'own' }
    } else {
      const own = subject.histogram(measure, window)
      if (own.seen >= (isNew ? newWindows : enoughWindows[window])) {
        const high = own.quantile(0.995)
        const limit = ownFactor[window] * high + least / 2
        return { usual: { expected: own.quantile(0.5), limit }, basis: 'own' }
      }
      const peers = this.#peers.get(peerKey(subject, measure, window))
      if (peers !== undefined && peers.seen >= enoughPeers && !isNew) {
        const high = peers.quantile(0.999)
        return {
          usual: { expected: peers.quantile(0.5), limit: Math.max(1.5 * least, 2 * high) },
          basis: 'peers',
        }
      }
    }
    return { usual: { expected: 0, limit: hardness * least }, basis: 'none' }
  }

  /**
   * One thing that happens shows in many places: in the caller, its key, its network, its country, the operation and the
   * API. The narrowest is told, and a wider one only where the narrower ones do not make up most of it.
   */
  #reportNarrowest(found: readonly Excess[], time: number): void {
    const told: Excess[] = []
    const ordered = found.toSorted((left, right) => rank(left) - rank(right))
    for (const excess of ordered) if (!isExplained(excess, told)) told.push(excess)
    for (const excess of told) this.#report(excess, time)
  }

  #report({ subject, measure, window, value, usual, basis }: Excess, time: number): void {
    const { dimension, api, name } = subject
    const { expectations, report } = this.#options
    if (expectations.covers({ measure, dimension, subject: name, api }, value, time)) return
    if (!this.#mayReport(`${measure} ${dimension} ${api} ${name}`, time)) return
    const excess = { measure, dimension, api, name, window, value, usual, basis }
    const ratio = value / Math.max(usual.limit, 1)
    report({
      kind: 'anomaly',
      time,
      id: randomUUID(),
      measure,
      dimension,
      subject: name === '' ? api : name,
      api,
      severity: ratio >= 5 ? 'high' : ratio >= 2 ? 'medium' : 'low',
      observed: value,
      expected: Math.round(usual.expected),
      explanation: explainCount(excess),
    })
  }

  #reportWhereabout({ dimension, api, name }: Subject, found: Whereabout, time: number): void {
    const { measure } = found
    const { expectations, report } = this.#options
    if (expectations.covers({ measure, dimension, subject: name, api }, 1, time)) return
    if (!this.#mayReport(`${measure} ${dimension} ${api} ${name}`, time)) return
    report({
      kind: 'anomaly',
      time,
      id: randomUUID(),
      measure,
      dimension,
      subject: name,
      api,
      severity: measure === 'impossible-travel' ? 'high' : 'medium',
      observed: 1,
      expected: 0,
      explanation: explainWhereabout(name, found),
    })
  }

  #mayReport(key: string, time: number): boolean {
    const last = this.#reportedAt.get(key)
    if (last !== undefined && time - last < this.#options.settings.cooldown) return false
    if (this.#reportedAt.size >= mostReported) this.#reportedAt.clear()
    this.#reportedAt.set(key, time)
    return true
  }

  #close(start: number): void {
    for (const subject of this.#subjects.active) {
      const { short } = subject
      if (short === undefined) continue
      subject.short = undefined
      for (const code of short.newOperations()) subject.learnOperation(code)
      this.#learn(subject, short, 'short', start)
      if (hasLong(subject.dimension)) (subject.long ??= new Tally()).merge(short)
    }
    this.#subjects.active.clear()
  }

  #closeLong(time: number): void {
    this.#look(time, 'long')
    for (const subject of this.#subjects.all()) {
      const { long } = subject
      if (long === undefined) continue
      subject.long = undefined
      this.#learn(subject, long, 'long', time)
    }
  }

  #learn(subject: Subject, tally: Tally, window: 'short' | 'long', time: number): void {
    for (const { measure } of watchedOf(subject.dimension, window)) {
      const value = tally.read(measure)
      if (subject.isSeasonal) {
        if (window === 'short') subject.season(measure).learn(time, value)
        continue
      }
      subject.histogram(measure, window).add(value)
      this.#peersOf(peerKey(subject, measure, window)).add(value)
    }
  }

  #peersOf(key: string): DecayedHistogram {
    let peers = this.#peers.get(key)
    if (peers === undefined) {
      peers = new DecayedHistogram()
      if (this.#peers.size < mostPeers) this.#peers.set(key, peers)
    }
    return peers
  }
}

function tallyOf(subject: Subject): Tally {
  return (subject.short ??= new Tally())
}

function count(subject: Subject, event: RequestEvent): Tally {
  const tally = tallyOf(subject)
  tally.add('requests', 1)
  tally.add('bytes', event.bytesOut + event.bytesIn)
  if (event.status >= 500) tally.add('errors', 1)
  return tally
}

function countCaller(
  subject: Subject,
  event: RequestEvent,
  operation: number,
  object: number | undefined,
): void {
  const tally = count(subject, event)
  if (!subject.knownOperations.has(operation)) tally.addOperation(operation)
  if (object !== undefined) tally.addObject(object)
  const { status } = event
  if (status === 403 || status === 404 || status === 405 || status === 422) tally.add('refusals', 1)
}

const refusalMeasures: ReadonlyMap<string, Measure> = new Map([
  ['authentication-failed', 'authentication-failures'],
  ['limit-exceeded', 'limit-violations'],
])

const narrowestFirst: readonly Dimension[] = ['consumer', 'key', 'address', 'country', 'operation', 'api']

/** Windows after which a caller's own past counts, and windows of all callers after which theirs does. */
const enoughWindows = { short: 24, long: 12 } as const
const enoughPeers = 300
/** The same while the whole API is new: what happens once a day was not seen yet. */
const newWindows = 288
/** How many times the least that matters is too much for anybody. */
const hardness = 10
/** How far above the highest of its own past a caller may go. */
const ownFactor = { short: 3, long: 2 } as const
const seasonalFactor = 6
const mostOperations = 10_000
const mostPeers = 20_000
const mostReported = 50_000

/** The narrowest first, and of one subject what says most first. */
function rank({ subject, measure }: Excess): number {
  const isCoarse = measure === 'requests' || measure === 'bytes'
  return narrowestFirst.indexOf(subject.dimension) + (isCoarse ? 0.5 : 0)
}

function isExplained({ subject, measure, value, usual }: Excess, told: readonly Excess[]): boolean {
  const related = told.filter(
    (other) =>
      other.subject.api === subject.api &&
      (other.subject === subject || other.subject.dimension !== subject.dimension) &&
      (other.measure === measure || measure === 'requests' || measure === 'bytes'),
  )
  if (related.some((other) => other.subject === subject || other.measure !== measure)) return true
  const explained = related.reduce((sum, other) => sum + other.value, 0)
  return related.length > 0 && explained >= (value - usual.expected) / 2
}

// Most callers of a window do little, and looking at them closely is most of the work.
function isSmall(tally: Tally): boolean {
  return tally.read('requests') < fewestRequests && tally.read('bytes') < 1_048_576
}

function hasLong(dimension: Dimension): boolean {
  return watchedOf(dimension, 'long').length > 0
}

function peerKey({ dimension, api }: Subject, measure: Measure, window: 'short' | 'long'): string {
  return `${dimension} ${api} ${measure} ${window}`
}
