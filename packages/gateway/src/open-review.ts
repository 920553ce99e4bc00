import type { Configuration } from './config/configuration.ts'
import type { Parts } from './open-parts.ts'
import { createReview } from './review/create-review.ts'
import type { Review } from './review/review.ts'

/** Makes reviews of a running gateway; `period` in milliseconds. */
export function openReview(
  { clock, shared, store }: Parts,
  running: () => Configuration,
): (period: number) => Promise<Review> {
  return (period) => {
    const configuration = running()
    return createReview({
      store,
      signer: shared.dataKeys.signer('audit'),
      clock,
      period,
      data: configuration.data,
      configuration,
      // What compiles rules and reads all records would make requests wait; the command line does.
      records: undefined,
    })
  }
}
