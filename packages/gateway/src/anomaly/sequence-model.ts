import { hash } from '../sketch/distinct-count.ts'

/**
 * Which operation of an API follows which, and for how many different callers. A step is rare where hardly anybody else
 * has ever made it, however often one caller does.
 */
export class SequenceModel {
  // By the operation left, then by the operation called next: the callers that did so, until they are enough.
  readonly #steps = new Map<string, Map<string, Set<number>>>()
  readonly #callers = new Set<number>()
  #seen = 0

  /** Learns one step of one caller, and says whether it is rare. */
  step(from: string, to: string, caller: string): boolean {
    this.#seen++
    const code = hash(caller)
    if (this.#callers.size < fewestCallers) this.#callers.add(code)
    const callers = this.#callersOf(from, to)
    if (callers === undefined || callers.size >= enoughCallers) return false
    callers.add(code)
    return this.#seen >= enoughSeen && this.#callers.size >= fewestCallers && callers.size < enoughCallers
  }

  #callersOf(from: string, to: string): Set<number> | undefined {
    let next = this.#steps.get(from)
    if (next === undefined) {
      if (this.#steps.size >= mostOperations) return undefined
      this.#steps.set(from, (next = new Map()))
    }
    let callers = next.get(to)
    if (callers === undefined) {
      if (next.size >= mostOperations) return undefined
      next.set(to, (callers = new Set()))
    }
    return callers
  }
}

const mostOperations = 500
/** Steps of an API after which it is known what callers do. */
const enoughSeen = 2_000
/** Callers that an API must have before what one of them does can be unlike the others. */
const fewestCallers = 10
/** Different callers that make a step an ordinary one. */
const enoughCallers = 3
