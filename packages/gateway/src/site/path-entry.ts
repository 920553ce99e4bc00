import type { Match, Plan } from './site.ts'

/** The plans of one path template by method. */
export class PathEntry {
  readonly #plans: ReadonlyMap<string, Plan>
  readonly #otherwise: Plan

  /**
   * @param plans by method, as sent; those of HEAD and OPTIONS are already among them
   * @param otherwise the plan that refuses every other method
   */
  constructor(plans: ReadonlyMap<string, Plan>, otherwise: Plan) {
    this.#plans = plans
    this.#otherwise = otherwise
  }

  planFor(method: string): Plan {
    return this.#plans.get(method) ?? this.#otherwise
  }

  /** The same for a template without variables: matches that can be made once. */
  toMatches(): StaticEntry {
    const toMatch = (plan: Plan): Match => ({ plan, pathParameters: [] })
    const matches = new Map([...this.#plans].map(([method, plan]) => [method, toMatch(plan)]))
    const otherwise = toMatch(this.#otherwise)
    return { matchFor: (method) => matches.get(method) ?? otherwise }
  }
}

/** A path without variables. */
export interface StaticEntry {
  matchFor(method: string): Match
}
