const whole = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,204,118`. */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** `1.2M`, for where there is little room. */
export function formatCompact(count: number): string {
  return count < 10_000 ? whole.format(count) : compact.format(count)
}

/** `3.1 ms`, `1.20 s`; a dash where there is none. */
export function formatMilliseconds(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–'
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(2)} s`
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

/** `12.4 %`. */
export function formatShare(part: number, all: number): string {
  return all === 0 ? '0 %' : `${((100 * part) / all).toFixed(part / all < 0.1 && part > 0 ? 1 : 0)} %`
}

/** The reader's own time of day and, where it is not today, the date. */
export function formatMoment(moment: string): string {
  const date = new Date(moment)
  const isToday = date.toDateString() === new Date().toDateString()
  const time = date.toLocaleTimeString('en-GB')
  return isToday ? time : `${formatDay(moment)} ${time}`
}

/** The day, where the time of it does not matter: `2026-11-29`. */
export function formatDay(moment: string): string {
  return new Date(moment).toLocaleDateString('en-CA')
}

/** `in 12 days`, `3 minutes ago`. */
export function formatDistance(moment: string): string {
  const seconds = (Date.parse(moment) - Date.now()) / 1_000
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return relative.format(Math.round(seconds / size), unit)
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
