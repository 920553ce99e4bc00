const slots = 20

/** How often something happened within the last `window` milliseconds, to a twentieth of it, in constant memory. */
export class SlidingCount {
  readonly #slotLength: number
  readonly #counts = new Float64Array(slots)
  #latest = 0

  constructor(window: number) {
    this.#slotLength = Math.max(1, window / slots)
  }

  /** @param time milliseconds since the Unix epoch */
  add(time: number): void {
    this.#advance(time)
    const slot = this.#latest % slots
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
  }

  count(time: number): number {
    this.#advance(time)
    let sum = 0
    for (const count of this.#counts) sum += count
    return sum
  }

  #advance(time: number): void {
    const slot = Math.floor(time / this.#slotLength)
    if (slot <= this.#latest) return
    const steps = Math.min(slots, slot - this.#latest)
    for (let step = 0; step < steps; step++) this.#counts[(slot - step) % slots] = 0
    this.#latest = slot
  }
}
