import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import type { Range } from '../../parts/chart-options.ts'

/** What traffic was like. */
export type Overview = AdminAnswer<'getOverview'>

/** The moments of the points of a stretch, and what is seen of it, in seconds since the Unix epoch. */
export function toAxis(
  { from, to }: { readonly from: string; readonly to: string },
  points: readonly { readonly start: string }[],
): { readonly times: readonly number[]; readonly range: Range } {
  const times = points.map(({ start }) => Date.parse(start) / 1_000)
  return { times, range: [Date.parse(from) / 1_000, Date.parse(to) / 1_000] }
}
