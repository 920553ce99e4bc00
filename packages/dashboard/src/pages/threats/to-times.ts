import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import type { Range } from '../../parts/chart-options.ts'

type Threats = AdminAnswer<'getThreats'>
type Points = Threats['refusals'][number]['points']

/** Every step of the stretch, and what points, which stand only where something was refused, are at each. */
export function toTimes({ from, to, step }: Pick<Threats, 'from' | 'to' | 'step'>): {
  readonly times: readonly number[]
  readonly range: Range
  readonly at: (points: Points) => readonly number[]
} {
  const range = [Date.parse(from) / 1_000, Date.parse(to) / 1_000] as const
  const first = Math.floor(range[0] / step) * step
  const times = Array.from(
    { length: Math.floor((range[1] - first) / step) + 1 },
    (_, at) => first + at * step,
  )
  return {
    times,
    range,
    at(points) {
      const byStart = new Map(
        points.map((point) => [Date.parse(point.start) / 1_000, point.refused + point.shadow]),
      )
      return times.map((time) => byStart.get(time) ?? 0)
    },
  }
}
