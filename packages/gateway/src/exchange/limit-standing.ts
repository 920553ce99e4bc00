/** How a caller stands with one limit after this request was counted. */
export interface LimitStanding {
  /** The policy's name, such as `free` or `address`. */
  readonly policy: string
  /** Units (requests, or their cost) per window. */
  readonly limit: number
  /** The window in seconds. */
  readonly window: number
  /** Units left, never below 0. */
  readonly remaining: number
  /** Whole seconds until the limit is full again, at least 1. */
  readonly resetSeconds: number
  /** Whole seconds until the same request would be within the limit, at least 1; 0 where it was. */
  readonly retrySeconds: number
  /** Whether this request was within the limit. */
  readonly allowed: boolean
}
