const unitMilliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof unitMilliseconds
const unitsLargestFirst: readonly Unit[] = ['d', 'h', 'm', 's', 'ms']

/**
 * Reads a duration such as `250ms`, `30s`, `5m`, `12h` or `7d` as milliseconds.
 * Returns `undefined` for anything else: a bare number has no unit and is refused.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * unitMilliseconds[match[2] as Unit]
}

/** Writes milliseconds with the largest unit that divides them: 90000 is `90s`, 86400000 is `1d`. */
export function formatDuration(milliseconds: number): string {
  const unit = unitsLargestFirst.find((candidate) => milliseconds % unitMilliseconds[candidate] === 0) ?? 'ms'
  return `${milliseconds / unitMilliseconds[unit]}${unit}`
}
