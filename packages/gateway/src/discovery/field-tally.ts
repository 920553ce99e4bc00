import { createHmac } from 'node:crypto'
import { detectors } from './detectors/detectors.ts'
import type { FieldName } from './detectors/detector.ts'

/** What was counted since it was last asked: all values under the empty text, and those that each detector found. */
export type TallyCounts = ReadonlyMap<string, number>

/** Different values of one field that are enough to know what it holds. */
const enough = 200

/**
 * Counts the different values of one field in this process. To tell that a value was seen before, it keeps half of a
 * keyed hash of it in memory, under a key that nobody else has and that dies with the process.
 */
export class FieldTally {
  readonly #key: Buffer
  readonly #seen = new Set<string>()
  #counts = new Map<string, number>()

  constructor(key: Buffer) {
    this.#key = key
  }

  add(text: string, name: FieldName): void {
    if (this.#seen.size >= enough) return
    const hash = createHmac('sha256', this.#key).update(text).digest('latin1').slice(0, 16)
    if (this.#seen.has(hash)) return
    this.#seen.add(hash)
    this.#count('')
    for (const detector of detectors) if (detector.finds(text, name)) this.#count(detector.id)
  }

  /** What was counted since the last time. */
  take(): TallyCounts {
    const counts = this.#counts
    this.#counts = new Map()
    return counts
  }

  #count(id: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
  }
}
