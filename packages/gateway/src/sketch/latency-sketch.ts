/**
 * A distribution of durations that can be merged with others and answers any quantile within 2.5 % of the true value
 * (the DDSketch of Masson, Rim and Lee, 2019, with a fixed range): each bucket is 5 % wider than the one before.
 */
export class LatencySketch {
  readonly #counts: Float64Array
  #total = 0

  constructor(counts = new Float64Array(buckets)) {
    this.#counts = counts
    for (const count of counts) this.#total += count
  }

  /** How many durations it holds. */
  get count(): number {
    return this.#total
  }

  /** Counts a duration by the bucket that {@link latencyBucket} found. */
  addToBucket(bucket: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#total++
  }

  merge(other: LatencySketch): void {
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = other.#counts[bucket] ?? 0
      if (count > 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
    }
    this.#total += other.#total
  }

  /**
   * Milliseconds below which the part `quantile` (0 to 1) of all durations lies; `undefined` where there are none.
   */
  quantile(quantile: number): number | undefined {
    if (this.#total === 0) return undefined
    const rank = Math.max(1, Math.ceil(quantile * this.#total))
    let seen = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      seen += this.#counts[bucket] ?? 0
      if (seen >= rank) return bucketValue(bucket)
    }
    return bucketValue(buckets - 1)
  }

  /** Its non-empty buckets as pairs of gap and count, LEB128. */
  toBytes(): Uint8Array {
    const bytes: number[] = []
    let last = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = this.#counts[bucket] ?? 0
      if (count === 0) continue
      writeNumber(bytes, bucket - last)
      writeNumber(bytes, count)
      last = bucket
    }
    return Uint8Array.from(bytes)
  }

  static fromBytes(bytes: Uint8Array): LatencySketch {
    const counts = new Float64Array(buckets)
    const reader = { bytes, at: 0 }
    let bucket = 0
    while (reader.at < bytes.length) {
      bucket += readNumber(reader)
      counts[Math.min(bucket, buckets - 1)] = readNumber(reader)
    }
    return new LatencySketch(counts)
  }
}

/** The bucket of a duration in milliseconds. */
export function latencyBucket(milliseconds: number): number {
  if (!(milliseconds > smallest)) return 0
  return Math.min(buckets - 1, Math.ceil(Math.log(milliseconds / smallest) / logGrowth))
}

/** Milliseconds; what is faster counts as this. */
const smallest = 0.02
const growth = 1.05
const logGrowth = Math.log(growth)
// The last one holds what takes longer than 97 s.
const buckets = 316

// The value whose distance to both ends of the bucket is the same part of itself.
function bucketValue(bucket: number): number {
  return bucket === 0 ? smallest : (smallest * growth ** bucket * 2) / (growth + 1)
}

function writeNumber(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
}

function readNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0
  let weight = 1
  for (;;) {
    const byte = reader.bytes[reader.at++] ?? 0
    value += (byte & 0x7f) * weight
    if (byte < 0x80) return value
    weight *= 0x80
  }
}
