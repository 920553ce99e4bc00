import type UPlot from 'uplot'
import type { Line } from './chart.tsx'

/** From one moment to another, in seconds since the Unix epoch. */
export type Range = readonly [from: number, to: number]

interface Hearing {
  readonly lines: readonly Pick<Line, 'tone'>[]
  readonly height: number
  readonly format: (value: number) => string
  /** The point under the pointer; `undefined` where it has left. */
  readonly moved: (index: number | undefined) => void
  /** A stretch was drawn out with the pointer, or by a double click the whole is asked for again. */
  readonly zoomed: (range: Range | undefined) => void
}

/** How a chart looks and what it reacts to; colours are those that the page has now. */
export function toChartOptions(
  element: HTMLElement,
  { lines, height, format, moved, zoomed }: Hearing,
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
    // The last time of day is as wide on the right of its line as on the left.
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: {
      points: { size: 7 },
      y: false,
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          zoomed(undefined)
          return null
        },
      },
    },
    hooks: {
      setCursor: [
        ({ cursor: { idx, left } }) => moved(left === undefined || left < 0 ? undefined : (idx ?? undefined)),
      ],
      setSelect: [(chart) => select(chart, zoomed)],
    },
    scales: { x: { auto: false }, y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.1] } },
    axes: [
      { ...axis, size: 26, space: 80, values: (chart, ticks) => ticks.map(toClock(chart)) },
      { ...axis, size: 56, space: 36, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ tone }) => ({
        stroke: colour(tone),
        width: 1.5,
        fill: tone === 'accent' ? colour('accent-faint') : 'transparent',
        points: { show: (chart: UPlot) => chart.data[0].length < 30, size: 5, fill: colour(tone) },
      })),
    ],
  }
}

/** The place of the moment that is nearest to `time`, among moments in order. */
export function nearestIndex(times: readonly number[], time: number): number {
  let low = 0
  let high = times.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  const before = times[low - 1]
  return before !== undefined && time - before < (times[low] ?? Infinity) - time ? low - 1 : Math.max(0, low)
}

function select(chart: UPlot, zoomed: (range: Range) => void): void {
  const { left, width } = chart.select
  // Less than that is a hand that trembled in a click.
  if (width < 4) return
  zoomed([chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')])
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

/** As fine as what is seen asks for. */
function toClock({ scales: { x } }: UPlot): (seconds: number) => string {
  const span = (x?.max ?? 0) - (x?.min ?? 0)
  return (seconds) => {
    const date = new Date(seconds * 1_000)
    if (span > 2 * 86_400) return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    const time = date.toLocaleTimeString('en-GB')
    return span > 600 ? time.slice(0, 5) : time
  }
}
