import { randomUUID } from 'node:crypto'
import type { AnomalyEvent } from '../observe/events/event.ts'
import type { Excess } from './excess.ts'
import type { Expectations } from './expectations.ts'
import { explainCount, explainWhereabout } from './explain.ts'
import type { Subject } from './subject.ts'
import type { Whereabout } from './whereabouts.ts'

export interface AnomalyReportsOptions {
  /** For how long the same is not told again; milliseconds. */
  readonly cooldown: number
  readonly expectations: Expectations
  readonly report: (anomaly: AnomalyEvent) => void
}

/** Tells of what was found, each thing once in a while, and of nothing that somebody has said to expect. */
export class AnomalyReports {
  readonly #options: AnomalyReportsOptions
  readonly #reportedAt = new Map<string, number>()

  constructor(options: AnomalyReportsOptions) {
    this.#options = options
  }

  excess({ subject, measure, window, value, usual, basis }: Excess, time: number): void {
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

  whereabout({ dimension, api, name }: Subject, found: Whereabout, time: number): void {
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
    if (last !== undefined && time - last < this.#options.cooldown) return false
    if (this.#reportedAt.size >= mostReported) this.#reportedAt.clear()
    this.#reportedAt.set(key, time)
    return true
  }
}

const mostReported = 50_000
