/**
 * What values of a measure usually are, the older the less: a histogram whose bins grow by a quarter, which forgets half
 * of itself each time it has seen so many values. Its quantiles are right within 12 %.
 */
export class DecayedHistogram {
  readonly #bins: Float32Array
  #weight = 0
  #seen = 0

  constructor(bins = new Float32Array(binCount), seen = 0) {
    this.#bins = bins
    this.#seen = seen
    for (const weight of bins) this.#weight += weight
  }

  /** How many values it has seen, forgotten ones too. */
  get seen(): number {
    return this.#seen
  }

  add(value: number): void {
    if (this.#weight >= halveAt) this.#halve()
    const bin = binOf(value)
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1
    this.#weight++
    this.#seen++
  }

  /** The value below which the part `quantile` (0 to 1) of all values lies; 0 where there are none. */
  quantile(quantile: number): number {
    const rank = quantile * this.#weight
    let sum = 0
    for (let bin = 0; bin < binCount; bin++) {
      sum += this.#bins[bin] ?? 0
      if (sum >= rank && sum > 0) return valueOf(bin)
    }
    return 0
  }

  /** Its weights with trailing zeros left out, to be kept. */
  toJSON(): { readonly seen: number; readonly bins: readonly number[] } {
    const last = this.#bins.findLastIndex((weight) => weight > 0)
    return {
      seen: this.#seen,
      bins: [...this.#bins.subarray(0, last + 1)].map((weight) => Number(weight.toFixed(2))),
    }
  }

  static from({ seen, bins }: { readonly seen: number; readonly bins: readonly number[] }): DecayedHistogram {
    const all = new Float32Array(binCount)
    all.set(bins.slice(0, binCount))
    return new DecayedHistogram(all, seen)
  }

  #halve(): void {
    this.#weight = 0
    for (let bin = 0; bin < binCount; bin++) {
      this.#bins[bin] = (this.#bins[bin] ?? 0) / 2
      this.#weight += this.#bins[bin] ?? 0
    }
  }
}

const binCount = 112
const growth = 1.25
const halveAt = 2_016

function binOf(value: number): number {
  return value < 1 ? 0 : Math.min(binCount - 1, 1 + Math.floor(Math.log(value) / Math.log(growth)))
}

function valueOf(bin: number): number {
  return bin === 0 ? 0 : growth ** (bin - 0.5)
}
