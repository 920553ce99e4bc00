import type { Expectation } from '../store/anomaly-store.ts'

/** What an anomaly is about. */
export interface AnomalySubject {
  readonly measure: string
  readonly dimension: string
  readonly subject: string
  readonly api: string
}

/** How far beyond what was marked as expected something may go without being told again. */
const leeway = 1.5

/** What people said is expected: until it goes far beyond what it was then, or the time of it is over. */
export class Expectations {
  readonly #known = new Map<string, Expectation>()

  constructor(known: readonly Expectation[] = []) {
    this.replace(known)
  }

  replace(known: readonly Expectation[]): void {
    this.#known.clear()
    for (const expectation of known) this.#known.set(keyOf(expectation), expectation)
  }

  /** @param time milliseconds since the Unix epoch */
  covers(about: AnomalySubject, observed: number, time: number): boolean {
    const expectation = this.#known.get(keyOf(about))
    return expectation !== undefined && time < expectation.until && observed <= expectation.observed * leeway
  }
}

function keyOf({ measure, dimension, subject, api }: AnomalySubject): string {
  return `${measure} ${dimension} ${api} ${subject === '' ? api : subject}`
}
