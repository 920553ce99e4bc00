import { Breather } from './breather.ts'

/** Long work in steps: it yields wherever it may be left for a while, and returns what came of it. */
export type Steps<Result> = Generator<void, Result>

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
  for (const breather = new Breather(); ; await breather.pause()) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
