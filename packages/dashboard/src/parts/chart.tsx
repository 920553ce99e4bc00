import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

/** One line of a chart; `tone` names a colour of the page. */
export interface Line {
  readonly label: string
  readonly tone: 'accent' | 'danger' | 'amber' | 'grey'
  readonly values: readonly (number | undefined)[]
}

/** Values over time, drawn on a canvas: fluid with a hundred thousand points. A table says the same to those who do not see. */
export function Chart({
  title,
  times,
  lines,
  height = 160,
  format = String,
}: {
  readonly title: string
  /** Seconds since the Unix epoch. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly height?: number
  readonly format?: (value: number) => string
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(null)
  const labels = lines.map(({ label, tone }) => `${tone} ${label}`).join()

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const made = new UPlot(options(element, lines, height, format), [[]], element)
    chart.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
      chart.current = null
    }
    // Lines with other labels are another chart; other values are not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [labels, height])

  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => values.map((value) => value ?? null))])
  }, [times, lines, labels])

  return (
    <figure className="chart">
      <figcaption>
        {lines.map(({ label, tone, values }) => (
          <span key={label} className={`key ${tone}`}>
            {label} <output>{values.length === 0 ? '–' : format(values.at(-1) ?? 0)}</output>
          </span>
        ))}
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${describe(lines, format)}`} />
    </figure>
  )
}

function describe(lines: readonly Line[], format: (value: number) => string): string {
  return lines
    .map(
      ({ label, values }) => `${label} at most ${format(Math.max(0, ...values.map((value) => value ?? 0)))}`,
    )
    .join(', ')
}

function options(
  element: HTMLElement,
  lines: readonly Line[],
  height: number,
  format: (value: number) => string,
): UPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`)
  const axis: UPlot.Axis = {
    stroke: colour('text-quiet'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  }
  return {
    width: Math.max(element.clientWidth, 200),
    height,
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.1] } },
    axes: [
      { ...axis, space: 80, values: (_, ticks) => ticks.map(toClock) },
      { ...axis, size: 56, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ tone }) => ({
        stroke: colour(tone),
        width: 1.5,
        fill: tone === 'accent' ? colour('accent-faint') : 'transparent',
        points: { show: false },
      })),
    ],
  }
}

function toClock(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString('en-GB')
}
