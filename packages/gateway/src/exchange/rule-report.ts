/** What rules found in an exchange, for its record, the metrics and `explain`. */
export interface RuleReport {
  /** In the order in which they matched, those of every phase so far. */
  readonly matches: readonly RuleMatch[]
  /** The fields that no rule had to look at, with why: `query page (integer)`. */
  readonly skipped: readonly string[]
  /** The score at which the exchange was refused; `undefined`: it was not. */
  readonly score: number | undefined
}

/** One rule that matched. */
export interface RuleMatch {
  readonly id: number
  /** Where: `ARGS:json.text`. Never the data that matched, which may be anybody's. */
  readonly at: string
  readonly message: string
}
