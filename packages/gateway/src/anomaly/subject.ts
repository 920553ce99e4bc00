import { DecayedHistogram } from '../sketch/decayed-histogram.ts'
import { DistinctCount } from '../sketch/distinct-count.ts'
import { measures, type Dimension, type Measure } from './measure.ts'
import { SeasonalBaseline } from './seasonal-baseline.ts'
import { Whereabouts, type WhereaboutsState } from './whereabouts.ts'

const places = Object.fromEntries(measures.map((measure, place) => [measure, place])) as Readonly<
  Record<Measure, number>
>

/** Operations that are told apart for one caller. */
const mostOperations = 256

/** What was counted in one window. */
export class Tally {
  readonly #counts = new Float64Array(measures.length)
  readonly #objects = new DistinctCount()
  readonly #operations = new Set<number>()

  add(measure: Measure, amount: number): void {
    const place = places[measure]
    this.#counts[place] = (this.#counts[place] ?? 0) + amount
  }

  addObject(code: number): void {
    this.#objects.addHash(code)
  }

  addOperation(code: number): void {
    if (this.#operations.size < mostOperations) this.#operations.add(code)
  }

  merge(other: Tally): void {
    for (let place = 0; place < measures.length; place++)
      this.#counts[place] = (this.#counts[place] ?? 0) + (other.#counts[place] ?? 0)
    this.#objects.merge(other.#objects)
    for (const code of other.#operations) this.addOperation(code)
  }

  newOperations(): ReadonlySet<number> {
    return this.#operations
  }

  read(measure: Measure): number {
    if (measure === 'distinct-objects') return this.#objects.count
    if (measure === 'new-operations') return this.#operations.size
    return this.#counts[places[measure]] ?? 0
  }
}

/** One caller, key, network, country, operation or API, with what is usual for it. */
export class Subject {
  readonly dimension: Dimension
  readonly api: string
  readonly name: string
  short: Tally | undefined
  long: Tally | undefined
  /** The operations that it has called until now; those of the window under way are not among them yet. */
  readonly knownOperations = new Set<number>()
  /** From where a consumer calls. */
  whereabouts: Whereabouts | undefined
  /** The operation called last, for sequences. */
  lastOperation: string | undefined
  readonly #histograms = new Map<string, DecayedHistogram>()
  readonly #seasons = new Map<Measure, SeasonalBaseline>()

  constructor(dimension: Dimension, api: string, name: string) {
    this.dimension = dimension
    this.api = api
    this.name = name
  }

  /** Those of whom there are few have a baseline by hour of the week. */
  get isSeasonal(): boolean {
    return this.dimension === 'api' || this.dimension === 'operation' || this.dimension === 'country'
  }

  learnOperation(code: number): void {
    if (this.knownOperations.size < mostOperations) this.knownOperations.add(code)
  }

  histogram(measure: Measure, window: 'short' | 'long'): DecayedHistogram {
    return getOrMake(this.#histograms, `${measure} ${window}`, () => new DecayedHistogram())
  }

  season(measure: Measure): SeasonalBaseline {
    return getOrMake(this.#seasons, measure, () => new SeasonalBaseline())
  }

  toJSON(): SubjectState {
    const { dimension, api, name } = this
    const { whereabouts } = this
    const operations = [...this.knownOperations]
    return {
      dimension,
      api,
      name,
      whereabouts,
      operations,
      histograms: [...this.#histograms],
      seasons: [...this.#seasons],
    }
  }

  static from(state: SubjectStateRead): Subject {
    const subject = new Subject(state.dimension, state.api, state.name)
    for (const code of state.operations) subject.learnOperation(code)
    for (const [key, histogram] of state.histograms)
      subject.#histograms.set(key, DecayedHistogram.from(histogram))
    for (const [measure, cells] of state.seasons) subject.#seasons.set(measure, SeasonalBaseline.from(cells))
    if (state.whereabouts !== undefined) subject.whereabouts = Whereabouts.from(state.whereabouts)
    return subject
  }
}

interface SubjectState {
  readonly dimension: Dimension
  readonly api: string
  readonly name: string
  readonly whereabouts: Whereabouts | undefined
  readonly operations: readonly number[]
  readonly histograms: readonly (readonly [string, DecayedHistogram])[]
  readonly seasons: readonly (readonly [Measure, SeasonalBaseline])[]
}

/** What a subject was written as. */
export interface SubjectStateRead {
  readonly dimension: Dimension
  readonly api: string
  readonly name: string
  readonly whereabouts?: WhereaboutsState
  readonly operations: readonly number[]
  readonly histograms: readonly (readonly [string, ReturnType<DecayedHistogram['toJSON']>])[]
  readonly seasons: readonly (readonly [Measure, readonly number[]])[]
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
