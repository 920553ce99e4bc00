import { setImmediate } from 'node:timers/promises'

/** Long work in steps: it yields wherever it may be left for a while, and returns what came of it. */
export type Steps<Result> = Generator<void, Result>

/** Milliseconds of work after which others have their turn. */
const turn = 4

/** Does all of it at once. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/**
 * Does it in turns with everything else of the process: whoever loads a configuration while requests are served holds none of them
 * up for longer than a step takes.
 */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (let began = performance.now(); ;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - began < turn) continue
    await setImmediate()
    began = performance.now()
  }
}
