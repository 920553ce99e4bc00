/** A calendar day or month in UTC: `start` belongs to it, `end` to the next; milliseconds since the Unix epoch. */
export interface CalendarPeriod {
  readonly start: number
  readonly end: number
}

/** The UTC day or month that holds `now`. */
export function calendarPeriod(period: 'day' | 'month', now: number): CalendarPeriod {
  const date = new Date(now)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (period === 'month') return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) }
  const day = date.getUTCDate()
  return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) }
}
