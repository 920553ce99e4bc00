import type { PlanSettings } from './settings.ts'

/** A time at which a version answers as if it had ended; milliseconds since the Unix epoch. */
export interface Pause {
  readonly from: number
  /** Not within it. */
  readonly to: number
}

type Brownout = PlanSettings['stages']['brownouts'][number]

/** Most pauses of one plan: more than one an hour for a month. */
export const mostPauses = 2_000

/** How many pauses a schedule makes. */
export function countPauses({ from, every, until }: Brownout): number {
  if (every === undefined || until === undefined) return 1
  return Math.max(0, Math.ceil((until - from) / Math.max(1, every)))
}

/** Every pause of a plan in the order of time; what overlaps or touches is one. */
export function toPauses(brownouts: readonly Brownout[]): readonly Pause[] {
  const all = brownouts.flatMap(repeat).sort((left, right) => left.from - right.from)
  const merged: Pause[] = []
  for (const pause of all) {
    const last = merged.at(-1)
    if (last === undefined || pause.from > last.to) merged.push(pause)
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, pause.to) }
  }
  return merged
}

function repeat(brownout: Brownout): readonly Pause[] {
  const { from, every = 0, growTo } = brownout
  const count = countPauses(brownout)
  const growth = growTo === undefined || count < 2 ? 0 : (growTo - brownout.for) / (count - 1)
  return Array.from({ length: count }, (_, nth) => {
    const begin = from + nth * every
    return { from: begin, to: begin + toWholeSeconds(brownout.for + nth * growth) }
  })
}

function toWholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1_000)) * 1_000
}
