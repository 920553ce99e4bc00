import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work after which others have their turn. */
const turn = 4

/**
 * Parts a long piece of work, so that a process that serves requests meanwhile is never held up for long: who calls `pause`
 * between two small steps holds the event loop for some four milliseconds at most.
 *
 * @example
 * const breather = new Breather()
 * for (const row of rows) { check(row); await breather.pause() }
 */
export class Breather {
  #began = performance.now()

  /** A promise where it is the turn of others; else nothing, and the work goes on at once. */
  pause(): Promise<void> | undefined {
    return performance.now() - this.#began < turn ? undefined : this.#standBack()
  }

  async #standBack(): Promise<void> {
    await setImmediate()
    this.#began = performance.now()
  }
}
