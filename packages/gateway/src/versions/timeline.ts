import type { Pause } from './brownouts.ts'

/** How far a version is on its way out. `announced`: its dates are known, and none has come. */
export type Stage = 'announced' | 'deprecated' | 'brownouts' | 'read-only' | 'retired'

/** The beginning of a stage. */
export interface StageStart {
  readonly stage: Stage
  /** Milliseconds since the Unix epoch. */
  readonly at: number
}

/** What holds between two instants. */
export interface PlanState {
  readonly stage: Stage
  /** Whether everything is refused for a while. */
  readonly paused: boolean
  /** What is refused: nothing, what changes something, or everything. */
  readonly refuses: 'nothing' | 'changes' | 'everything'
  /** When it ends, milliseconds since the Unix epoch; infinity: never. */
  readonly until: number
}

/**
 * What a plan says at any time, worked out at load: every request asks it, and almost every time the answer is the one
 * that it gave before.
 */
export class Timeline {
  /** The stages in order, without `announced`. */
  readonly starts: readonly StageStart[]
  readonly pauses: readonly Pause[]
  readonly #instants: Float64Array
  readonly #states: readonly PlanState[]
  #from: number
  #current: PlanState

  /**
   * @param starts in the order of time
   * @param pauses in the order of time, without overlaps
   */
  constructor(starts: readonly StageStart[], pauses: readonly Pause[]) {
    this.starts = starts
    this.pauses = pauses
    const instants = new Set([...starts.map(({ at }) => at), ...pauses.flatMap(({ from, to }) => [from, to])])
    this.#instants = Float64Array.from(instants).sort()
    const before = Number.NEGATIVE_INFINITY
    this.#states = [before, ...this.#instants].map((from, nth) =>
      toState(starts, pauses, from, this.#instants[nth] ?? Number.POSITIVE_INFINITY),
    )
    this.#from = before
    this.#current = this.#states[0] as PlanState
  }

  /** What holds at a time. */
  at(now: number): PlanState {
    if (now >= this.#from && now < this.#current.until) return this.#current
    const index = countUntil(this.#instants, now)
    this.#from = index === 0 ? Number.NEGATIVE_INFINITY : (this.#instants[index - 1] as number)
    this.#current = this.#states[index] as PlanState
    return this.#current
  }

  /** The stage that begins next; `undefined` after the last. */
  next(now: number): StageStart | undefined {
    return this.starts.find(({ at }) => at > now)
  }
}

/** How many instants have come. */
function countUntil(instants: Float64Array, now: number): number {
  let low = 0
  let high = instants.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((instants[middle] as number) <= now) low = middle + 1
    else high = middle
  }
  return low
}

function toState(
  starts: readonly StageStart[],
  pauses: readonly Pause[],
  from: number,
  until: number,
): PlanState {
  const stage = starts.findLast(({ at }) => at <= from)?.stage ?? 'announced'
  const paused = stage !== 'retired' && pauses.some((pause) => pause.from <= from && from < pause.to)
  const refuses = stage === 'retired' || paused ? 'everything' : stage === 'read-only' ? 'changes' : 'nothing'
  return { stage, paused, refuses, until }
}
