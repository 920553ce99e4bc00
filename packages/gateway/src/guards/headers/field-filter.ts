const mostRemembered = 1_000

/** Says which header fields are removed: exact names, and beginnings written with a star. */
export class FieldFilter {
  readonly #exact: ReadonlySet<string>
  readonly #beginnings: readonly string[]
  readonly #decided = new Map<string, boolean>()

  /** @param patterns lower-case names or `beginning*` */
  constructor(patterns: readonly string[]) {
    this.#exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')))
    this.#beginnings = patterns
      .filter((pattern) => pattern.endsWith('*'))
      .map((pattern) => pattern.slice(0, -1))
  }

  /** Whether the field goes; remembered for the few dozen names that upstreams use. */
  removes(name: string): boolean {
    const decided = this.#decided.get(name)
    if (decided !== undefined) return decided
    const removes = this.#exact.has(name) || this.#beginnings.some((beginning) => name.startsWith(beginning))
    if (this.#decided.size < mostRemembered) this.#decided.set(name, removes)
    return removes
  }
}
