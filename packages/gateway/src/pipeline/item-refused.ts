import type { Problem } from '@gateward/kernel'

/** Says that a body cannot go on; a problem that is thrown, since it ends the work on a chunk half done. */
export class ItemRefused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}
