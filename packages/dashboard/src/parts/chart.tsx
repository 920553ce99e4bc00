import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatMoment } from './format.ts'
import { magnify, walk } from './chart-keys.ts'
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
  // Who walks by keys stays at their point, wherever it moves on the screen; the pointer stays where it is.
  const isByKeys = useRef(false)
  const isDrawing = useRef(false)
  const help = useId()
  const scheme = useColourScheme()
  const labels = lines.map(({ label, tone }) => `${tone} ${label}`).join()
  const last = times.length - 1
  const shown = Math.min(at ?? last, last)
  const shownTime = useRef(times[shown])
  shownTime.current = times[shown]
  const [from, to] = zoom ?? range ?? [times[0] ?? 0, times.at(-1) ?? 1]

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const moved = (index: number | undefined): void => {
      if (isDrawing.current && isByKeys.current) return
      isByKeys.current = false
      setAt(index)
    }
    const hear = { moved, zoomed: setZoom }
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
    isDrawing.current = true
    drawn?.batch(() => {
      drawn.setData(data, false)
      drawn.setScale('x', { min: from, max: to })
    })
    if (isByKeys.current) point(drawn, shownTime.current)
    isDrawing.current = false
  }, [data, from, to, labels, height, scheme])

  const move = (index: number): void => {
    const next = Math.max(0, Math.min(last, index))
    setAt(next)
    isByKeys.current = true
    isDrawing.current = true
    point(chart.current, times[next])
    isDrawing.current = false
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

function point(chart: UPlot | null, time: number | undefined): void {
  if (chart !== null && time !== undefined) chart.setCursor({ left: chart.valToPos(time, 'x'), top: 0 })
}

function toText(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value)
}

function toTime(seconds: number | undefined): string {
  return seconds === undefined ? 'no data' : formatMoment(new Date(seconds * 1_000).toISOString())
}
