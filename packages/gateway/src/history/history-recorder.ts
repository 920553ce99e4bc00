import type { Clock } from '@gateward/kernel'
import type { Geography } from '../geography/geography.ts'
import type { GatewardEvent } from '../observe/events/event.ts'
import type { HistoryStore, Rollup, RollupDimension, RollupRow, RollupStep } from '../store/history-store.ts'
import { RollupWindow } from './rollup-window.ts'

export interface HistoryRecorderOptions {
  readonly store: HistoryStore
  readonly geography: Geography
  readonly clock: Clock
  readonly onFault: (thrown: unknown) => void
}

/** How long each step is kept, milliseconds, and most rows of it whatever comes: some 100 bytes each. */
const retention: Readonly<Record<RollupStep, { readonly keep: number; readonly rows: number }>> = {
  1: { keep: 3_600_000, rows: 150_000 },
  60: { keep: 7 * 86_400_000, rows: 400_000 },
  3600: { keep: 366 * 86_400_000, rows: 400_000 },
}

/** The names of each dimension that a step keeps; the others together are `(other)`. */
const kept: Readonly<Record<RollupDimension, { readonly seconds: number; readonly minutes: number }>> = {
  all: { seconds: 1, minutes: 1 },
  api: { seconds: 10, minutes: 50 },
  operation: { seconds: 10, minutes: 50 },
  guard: { seconds: 20, minutes: 20 },
  consumer: { seconds: 0, minutes: 20 },
  country: { seconds: 0, minutes: 20 },
  address: { seconds: 0, minutes: 20 },
}

const dimensions = Object.keys(kept) as readonly RollupDimension[]

/** Rows that a store which fails may leave waiting; older ones are given up. */
const mostPending = 20_000

const second = 1_000
const minute = 60_000
const hour = 3_600_000

/**
 * Counts what happens, second by second, and writes it to the store: each second that is over, each minute, and the
 * minute into its hour. What the current minute holds so far is asked for with {@link HistoryRecorder.open}.
 */
export class HistoryRecorder implements Disposable {
  readonly #options: HistoryRecorderOptions
  readonly #timer: NodeJS.Timeout
  readonly #locate: Geography['locate']
  #second = new RollupWindow()
  #minute = new RollupWindow()
  #secondStart: number
  #pending: RollupRow[] = []

  constructor(options: HistoryRecorderOptions) {
    this.#options = options
    this.#locate = (address) => options.geography.locate(address)
    this.#secondStart = floor(options.clock.now(), second)
    this.#timer = setInterval(() => this.advance(), second).unref()
  }

  receive(events: readonly GatewardEvent[]): void {
    for (const event of events) {
      if (event.time >= this.#secondStart + second) this.advance(event.time)
      this.#second.add(event, this.#locate)
    }
  }

  /** Closes the second, minute and hour that ended before `now`, milliseconds since the Unix epoch. */
  advance(now = this.#options.clock.now()): void {
    const next = floor(now, second)
    const start = this.#secondStart
    if (next <= start) return
    this.#pending.push(...toRows(this.#second, 1, start, 'seconds'))
    this.#minute.merge(this.#second)
    this.#second = new RollupWindow()
    this.#secondStart = next
    if (floor(next, minute) > floor(start, minute)) this.#closeMinute(floor(start, minute), next)
    this.#write()
    if (floor(next, hour) > floor(start, hour)) this.#closeHour(floor(start, hour), next)
  }

  /** What the current minute holds that is not written yet. */
  open(dimension: RollupDimension): { readonly start: number; readonly rollups: readonly Rollup[] } {
    const window = new RollupWindow()
    window.merge(this.#minute)
    window.merge(this.#second)
    return {
      start: floor(this.#secondStart, minute),
      rollups: window.rollups(dimension, kept[dimension].minutes),
    }
  }

  /** Writes what there is, the current minute too. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    const start = this.#secondStart
    this.#pending.push(...toRows(this.#second, 1, start, 'seconds'))
    this.#minute.merge(this.#second)
    this.#closeMinute(floor(start, minute), start)
    this.#write()
  }

  #closeMinute(start: number, now: number): void {
    this.#pending.push(...toRows(this.#minute, 60, start, 'minutes'))
    this.#pending.push(...toRows(this.#minute, 3600, floor(start, hour), 'minutes'))
    this.#minute = new RollupWindow()
    this.#attempt(() => this.#forget([1, 60], now))
  }

  #closeHour(start: number, now: number): void {
    this.#attempt(async () => {
      const { store } = this.#options
      for (const dimension of dimensions) await store.fold(3600, start, dimension, kept[dimension].minutes)
      await this.#forget([3600], now)
      for (const step of [1, 60, 3600] as const) await store.trim(step, retention[step].rows)
    })
  }

  async #forget(steps: readonly RollupStep[], now: number): Promise<void> {
    for (const step of steps) await this.#options.store.deleteBefore(step, now - retention[step].keep)
  }

  #write(): void {
    const rows = this.#pending
    if (rows.length === 0) return
    this.#pending = []
    this.#attempt(async () => {
      try {
        await this.#options.store.addBatch(rows)
      } catch (thrown) {
        this.#pending = [...rows, ...this.#pending].slice(-mostPending)
        throw thrown
      }
    })
  }

  #attempt(work: () => Promise<void>): void {
    work().catch((thrown: unknown) => this.#options.onFault(thrown))
  }
}

function toRows(
  window: RollupWindow,
  step: RollupStep,
  start: number,
  grain: 'seconds' | 'minutes',
): readonly RollupRow[] {
  return dimensions
    .filter((dimension) => kept[dimension][grain] > 0)
    .flatMap((dimension) => {
      const place = { step, start, dimension }
      return window
        .rollups(dimension, kept[dimension][grain])
        .map((rollup) => Object.assign({}, place, rollup))
    })
}

function floor(time: number, length: number): number {
  return time - (time % length)
}
