import { useSearchParams } from 'wouter'

/** A stretch of time that ends now. */
export interface TimeRange {
  readonly name: string
  /** `in the last hour`. */
  readonly words: string
  /** RFC 3339; moves on with the minute, or with the stretch's own grain. */
  readonly from: string
  readonly seconds: number
}

const ranges = {
  '15m': { seconds: 900, words: 'in the last 15 minutes' },
  '1h': { seconds: 3_600, words: 'in the last hour' },
  '24h': { seconds: 86_400, words: 'in the last day' },
  '7d': { seconds: 604_800, words: 'in the last 7 days' },
  '30d': { seconds: 2_592_000, words: 'in the last 30 days' },
} as const

type RangeName = keyof typeof ranges

const names = Object.keys(ranges) as readonly RangeName[]

/** The stretch of time that the address of the page names; an hour where it names none. */
export function useTimeRange(): TimeRange {
  const [parameters] = useSearchParams()
  const name = toName(parameters.get('range'))
  const { seconds, words } = ranges[name]
  // A beginning that moved with every second would be another question each time.
  const grain = Math.max(60, seconds / 240) * 1_000
  const from = Math.floor((Date.now() - seconds * 1_000) / grain) * grain
  return { name, words, seconds, from: new Date(from).toISOString() }
}

/** Chooses the stretch of time; it stands in the page's address, so that what is seen can be passed on. */
export function TimeRangeChoice() {
  const [parameters, setParameters] = useSearchParams()
  const chosen = toName(parameters.get('range'))
  const choose = (name: RangeName): void =>
    setParameters((earlier) => {
      const next = new URLSearchParams(earlier)
      next.set('range', name)
      return next
    })
  return (
    <div className="tabs" role="group" aria-label="Time">
      {names.map((name) => (
        <button key={name} aria-pressed={name === chosen} onClick={() => choose(name)}>
          {name}
        </button>
      ))}
    </div>
  )
}

function toName(text: string | null): RangeName {
  return names.find((name) => name === text) ?? '1h'
}
