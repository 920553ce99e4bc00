/** One change of the period, or many that are alike. */
interface ReviewedChange {
  readonly action: string
  readonly actor: string
  readonly times: number
  /** What they were done to, at most ten. */
  readonly targets: readonly string[]
  readonly refused: number
}

/** A control that is not as it would be by default, and is so on purpose. */
interface ReviewedException {
  readonly subject: string
  readonly message: string
}

/** Something that ends soon. */
interface ReviewedEnding {
  readonly subject: string
  /** RFC 3339. */
  readonly endsAt: string
  readonly daysLeft: number
  readonly message: string
}

interface ReviewedCount {
  readonly name: string
  readonly count: number
}

/** What somebody who answers for the gateway reads now and then, and signs. */
export interface Review {
  readonly from: string
  readonly to: string
  /** Whether the audit log itself is as it was written. */
  readonly integrity: { readonly rows: number; readonly findings: readonly string[] }
  readonly lastReview: { readonly at: string; readonly by: string } | undefined
  readonly changes: readonly ReviewedChange[]
  readonly exceptions: readonly ReviewedException[]
  readonly endings: readonly ReviewedEnding[]
  /** Refusals by guard. */
  readonly refusals: readonly ReviewedCount[]
  /** Operations with most refusals. */
  readonly refusedOperations: readonly ReviewedCount[]
  /** Rules of the WAF that matched nothing in the period; `undefined` where nobody looked. */
  readonly unusedRules: { readonly total: number; readonly ids: readonly number[] } | undefined
  /** Accounts that may change something and have not logged in within the period. */
  readonly idleAccounts: readonly string[]
}
