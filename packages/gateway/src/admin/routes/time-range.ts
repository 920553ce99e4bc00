import type { History } from '../../history/history.ts'
import type { AdminAnswer } from '../contract.ts'
import { toMoment } from './to-moment.ts'

type Overview = AdminAnswer<'getOverview'>

/** A stretch of time, in milliseconds since the Unix epoch, and how it is divided. */
export interface Range {
  readonly from: number
  readonly to: number
  /** Seconds. */
  readonly step: number
}

const mostPoints = 2_000
const usualPoints = 120
const longest = 400 * 86_400_000

/** Steps that a clock face knows, in seconds. */
const roundSteps = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400]

/** Reads what a call says of a stretch: an hour until now by default; `undefined` where nobody can draw it. */
export function readRange(
  query: {
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly step?: number | undefined
  },
  now: number,
): Range | undefined {
  const to = query.to === undefined ? now : Date.parse(query.to)
  const from = query.from === undefined ? to - 3_600_000 : Date.parse(query.from)
  const seconds = (to - from) / 1_000
  if (!(seconds > 0 && to - from <= longest)) return undefined
  const step = query.step ?? roundSteps.find((round) => seconds / round <= usualPoints * 1.5) ?? 86_400
  return seconds / step > mostPoints ? undefined : { from, to, step }
}

/** The stretch as answers tell it. */
export function describeRange({ from, to, step }: Range): Pick<Overview, 'from' | 'to' | 'step'> {
  return { from: toMoment(from), to: toMoment(to), step }
}

/** A guard's refusals over time as answers tell them. */
export function describeRefusals({
  guard,
  points,
}: Awaited<ReturnType<History['refusals']>>[number]): Overview['refusals'][number] {
  return { guard, points: points.map(({ start, ...rest }) => ({ start: toMoment(start), ...rest })) }
}
