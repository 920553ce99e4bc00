import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatMoment } from './format.ts'
import { nearestIndex, toChartOptions, type Range } from './chart-options.ts'
import { useColourScheme } from './use-colour-scheme.ts'

/** One line of a chart; `tone` names a colour of the page. */
export interface Line {
  readonly label: string
  readonly tone: 'accent' | 'danger' | 'amber' | 'grey'
  readonly values: readonly (number | undefined)[]
}

interface ChartProps {
  readonly title: string
  /** Seconds since the Unix epoch, in order. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  /** What the width stands for, in seconds since the Unix epoch; by default from the first time to the last. */
  readonly range?: Range
  readonly height?: number
  readonly format?: (value: number) => string
}

/**
 * Values over time, drawn on a canvas: fluid with a hundred thousand points. Whoever does not see it, or has no mouse,
 * walks along it as along a slider: arrows move, `+` and `-` zoom, Escape shows the whole again.
 */
export function Chart({ title, times, lines, range, height = 160, format = String }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(null)
  const [zoom, setZoom] = useState<Range>()
  const [at, setAt] = useState<number>()
  const help = useId()
  const scheme = useColourScheme()
  const labels = lines.map(({ label, tone }) => `${tone} ${label}`).join()
  const [from, to] = zoom ?? range ?? [times[0] ?? 0, times.at(-1) ?? 1]

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const hear = { moved: setAt, zoomed: setZoom }
    const made = new UPlot(toChartOptions(element, { lines, height, format, ...hear }), [[]], element)
    chart.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
      chart.current = null
    }
    // Lines with other labels, or in other colours, are another chart; other values are not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [labels, height, scheme])

  const data = useMemo<UPlot.AlignedData>(
    () => [[...times], ...lines.map(({ values }) => values.map((value) => value ?? null))],
    [times, lines],
  )
  useEffect(() => {
    const drawn = chart.current
    drawn?.batch(() => {
      drawn.setData(data, false)
      drawn.setScale('x', { min: from, max: to })
    })
  }, [data, from, to, labels, height, scheme])

  const last = times.length - 1
  const shown = Math.min(at ?? last, last)
  const move = (index: number): void => {
    const next = Math.max(0, Math.min(last, index))
    setAt(next)
    const drawn = chart.current
    drawn?.setCursor({ left: drawn.valToPos(times[next] ?? 0, 'x'), top: 0 }, false)
  }
  const press = (event: KeyboardEvent): void => {
    const first = nearestIndex(times, from)
    const end = nearestIndex(times, to)
    const next = { times, first, end, shown }
    const done = walk(event.key, next, move) || magnify(event.key, { ...next, from, to }, setZoom)
    if (done) event.preventDefault()
  }
  const says = (line: Line): string => toText(line.values[shown], format)
  return (
    <figure className="chart">
      <figcaption>
        {lines.map((line) => (
          <span key={line.label} className={`key ${line.tone}`}>
            {line.label} <output>{says(line)}</output>
          </span>
        ))}
        <span className="quiet-text">{at === undefined ? '' : toTime(times[shown])}</span>
        {zoom !== undefined && (
          <button className="quiet" onClick={() => setZoom(undefined)}>
            Whole range
          </button>
        )}
      </figcaption>
      <div
        ref={place}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-describedby={help}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, shown)}
        aria-valuetext={`${toTime(times[shown])}: ${lines.map((line) => `${line.label} ${says(line)}`).join(', ')}`}
        onKeyDown={press}
      />
      <p id={help} className="hidden">
        Arrow keys move along the chart, plus and minus zoom, Escape shows the whole range.
      </p>
    </figure>
  )
}

interface Position {
  readonly times: readonly number[]
  /** The points that are seen, from the first to the last. */
  readonly first: number
  readonly end: number
  readonly shown: number
}

/** Moves by keys as a slider does; false for any other key. */
function walk(key: string, { first, end, shown }: Position, move: (index: number) => void): boolean {
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

function magnify(
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

function toText(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value)
}

function toTime(seconds: number | undefined): string {
  return seconds === undefined ? 'no data' : formatMoment(new Date(seconds * 1_000).toISOString())
}
