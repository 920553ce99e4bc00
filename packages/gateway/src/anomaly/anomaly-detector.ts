import type { Geography } from '../geography/geography.ts'
import type { AnomalyEvent, GatewardEvent, RequestEvent } from '../observe/events/event.ts'
import { AnomalyReports } from './anomaly-reports.ts'
import { Baselines } from './baselines.ts'
import { narrowestOf, type Excess } from './excess.ts'
import type { Expectations } from './expectations.ts'
import { fewestRequests, longWindow, shortWindow, watchedOf, type Dimension } from './measure.ts'
import type { AnomalySettings } from './settings.ts'
import { Tally } from './subject.ts'
import { SubjectTable } from './subject-table.ts'
import { TrafficTally } from './traffic-tally.ts'

export interface AnomalyDetectorOptions {
  readonly settings: AnomalySettings
  readonly geography: Geography
  readonly expectations: Expectations
  readonly report: (anomaly: AnomalyEvent) => void
}

/** How often the window that is not over yet is looked at, milliseconds. */
const lookEvery = 30_000

/** Compares what callers, operations and APIs do with what they did, and reports what is not as it was. */
export class AnomalyDetector {
  readonly subjects: SubjectTable
  readonly baselines: Baselines
  readonly #tally: TrafficTally
  readonly #reports: AnomalyReports
  #windowStart = 0
  #nextLook = 0

  constructor({ settings, geography, expectations, report }: AnomalyDetectorOptions) {
    this.subjects = new SubjectTable(settings.subjects)
    this.baselines = new Baselines(settings)
    this.#reports = new AnomalyReports({ cooldown: settings.cooldown, expectations, report })
    this.#tally = new TrafficTally(this.subjects, geography, (caller, found, time) =>
      this.#reports.whereabout(caller, found, time),
    )
  }

  receive(events: readonly GatewardEvent[]): void {
    for (const event of events) {
      if (event.kind === 'request') {
        this.#advance(event.time)
        this.#countRequest(event)
      } else if ('guard' in event && event.kind !== 'guard-fault') this.#tally.countRefusal(event)
    }
  }

  /** Looks at the window under way, or closes it; call it every so often, also where nothing comes. */
  tick(now: number): void {
    if (this.#windowStart > 0) this.#advance(now)
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
    const { firstSeen } = this.baselines
    if (this.#tally.countRequest(event) && !firstSeen.has(event.api)) firstSeen.set(event.api, event.time)
  }

  #look(time: number, window: 'short' | 'long'): void {
    const found: Excess[] = []
    for (const subject of window === 'short' ? this.subjects.active : this.subjects.all()) {
      const tally = window === 'short' ? subject.short : subject.long
      if (tally === undefined || isSmall(tally)) continue
      for (const { measure, least } of watchedOf(subject.dimension, window)) {
        const value = tally.read(measure)
        if (value < least) continue
        const excess = this.baselines.compare(subject, measure, window, value, least, time)
        if (excess !== undefined) found.push(excess)
      }
    }
    for (const excess of narrowestOf(found)) this.#reports.excess(excess, time)
  }

  #close(start: number): void {
    for (const subject of this.subjects.active) {
      const { short } = subject
      if (short === undefined) continue
      subject.short = undefined
      for (const code of short.newOperations()) subject.learnOperation(code)
      this.baselines.learn(subject, short, 'short', start)
      if (hasLong(subject.dimension)) (subject.long ??= new Tally()).merge(short)
    }
    this.subjects.active.clear()
  }

  #closeLong(time: number): void {
    this.#look(time, 'long')
    for (const subject of this.subjects.all()) {
      const { long } = subject
      if (long === undefined) continue
      subject.long = undefined
      this.baselines.learn(subject, long, 'long', time)
    }
  }
}

// Most callers of a window do little, and looking at them closely is most of the work.
function isSmall(tally: Tally): boolean {
  return tally.read('requests') < fewestRequests && tally.read('bytes') < 1_048_576
}

function hasLong(dimension: Dimension): boolean {
  return watchedOf(dimension, 'long').length > 0
}
