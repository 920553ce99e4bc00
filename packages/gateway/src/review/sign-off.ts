import { hashOf } from '../audit/audit-log.ts'
import { canonicalJson } from '../audit/canonical-json.ts'
import type { Review } from './review.ts'

/** What the audit log keeps of a review that somebody has read. */
export interface SignedReview {
  readonly from: string
  readonly to: string
  /** SHA-256 of the review as canonical JSON, hexadecimal. */
  readonly review: string
}

export function toSignedReview(review: Review): SignedReview {
  return { from: review.from, to: review.to, review: hashOf(canonicalJson(review)) }
}
