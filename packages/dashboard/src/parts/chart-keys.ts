import type { Range } from './chart-options.ts'

/** Where somebody stands on a chart. */
interface Position {
  readonly times: readonly number[]
  /** The points that are seen, from the first to the last. */
  readonly first: number
  readonly end: number
  readonly shown: number
}

/** Moves by keys as a slider does; false for any other key. */
export function walk(key: string, { first, end, shown }: Position, move: (index: number) => void): boolean {
  // A hundred thousand points are not walked through one by one: a step is at most a two hundredth of what is seen.
  const step = Math.max(1, Math.round((end - first) / 200))
  const jumps: Readonly<Record<string, number>> = {
    ArrowLeft: shown - step,
    ArrowRight: shown + step,
    PageDown: shown - 20 * step,
    PageUp: shown + 20 * step,
    Home: first,
    End: end,
  }
  const target = jumps[key]
  if (target === undefined) return false
  move(target)
  return true
}

/** Zooms by `+` and `-` around the point that is shown, and out of it by Escape; false for any other key. */
export function magnify(
  key: string,
  { times, shown, from, to }: Position & { readonly from: number; readonly to: number },
  zoom: (range: Range | undefined) => void,
): boolean {
  if (key === 'Escape') zoom(undefined)
  else if (key !== '+' && key !== '-') return false
  else {
    const span = Math.max((to - from) * (key === '+' ? 0.5 : 2), 2)
    const middle = times[shown] ?? (from + to) / 2
    const begin = Math.max(times[0] ?? from, middle - span / 2)
    zoom([begin, Math.min(times.at(-1) ?? to, begin + span)])
  }
  return true
}
