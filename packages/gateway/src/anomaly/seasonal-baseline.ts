/** What is usual at a moment, and beyond what it is no longer. */
export interface Usual {
  readonly expected: number
  readonly limit: number
}

/**
 * What a measure is by hour of the week: a smoothed level and a smoothed absolute deviation for each hour, of the day
 * until the week is known, of all time until the day is. Outliers are pulled in before they are learned, so that an
 * attack does not become usual while it goes on.
 */
export class SeasonalBaseline {
  readonly #cells: Float32Array

  constructor(cells = new Float32Array(cellCount * fields)) {
    this.#cells = cells
  }

  /** `undefined` as long as too little is known. */
  usual(time: number, factor: number): Usual | undefined {
    const cell = this.#choose(time)
    if (cell === undefined) return undefined
    const level = this.#read(cell, 'level')
    const spread = Math.max(this.#read(cell, 'spread') * toDeviation, Math.sqrt(level), 1)
    // Before a whole day was seen the next hour may be the busiest of all.
    const caution = cell === overall ? 3 : cell >= days ? 1.5 : 1
    return { expected: level, limit: level + factor * caution * spread + 0.5 * caution * level }
  }

  learn(time: number, value: number): void {
    const usual = this.usual(time, 4)
    const tamed = usual === undefined ? value : Math.min(value, usual.limit)
    for (const cell of [hourOfWeek(time), days + (hourOfWeek(time) % 24), overall]) this.#smooth(cell, tamed)
  }

  toJSON(): readonly number[] {
    return [...this.#cells].map((value) => Number(value.toPrecision(4)))
  }

  static from(cells: readonly number[]): SeasonalBaseline {
    const all = new Float32Array(cellCount * fields)
    all.set(cells.slice(0, all.length))
    return new SeasonalBaseline(all)
  }

  #choose(time: number): number | undefined {
    const week = hourOfWeek(time)
    if (this.#read(week, 'count') >= 24) return week
    const day = days + (week % 24)
    if (this.#read(day, 'count') >= 12) return day
    return this.#read(overall, 'count') >= 36 ? overall : undefined
  }

  #smooth(cell: number, value: number): void {
    const count = this.#read(cell, 'count') + 1
    const rate = Math.max(1 / count, slowest)
    const level = this.#read(cell, 'level')
    const deviation = Math.abs(value - level)
    this.#write(cell, 'level', level + rate * (value - level))
    this.#write(cell, 'spread', this.#read(cell, 'spread') + rate * (deviation - this.#read(cell, 'spread')))
    this.#write(cell, 'count', Math.min(count, 1e6))
  }

  #read(cell: number, field: Field): number {
    return this.#cells[cell * fields + fieldOrder[field]] ?? 0
  }

  #write(cell: number, field: Field, value: number): void {
    this.#cells[cell * fields + fieldOrder[field]] = value
  }
}

type Field = 'level' | 'spread' | 'count'
const fieldOrder: Readonly<Record<Field, number>> = { level: 0, spread: 1, count: 2 }
const fields = 3

// Hours of the week, then hours of the day, then one for all.
const days = 168
const overall = days + 24
const cellCount = overall + 1

/** The weight of the newest value once many were seen. */
const slowest = 0.03
/** From a mean absolute deviation to a standard deviation, for a normal distribution. */
const toDeviation = 1.2533

function hourOfWeek(time: number): number {
  return Math.floor(time / 3_600_000) % days
}
