import { useMemo } from 'react'
import { useLive } from '../../api/use-live.ts'
import { Chart, type Line } from '../../parts/chart.tsx'
import { formatCompact, formatMilliseconds } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { toAxis, type Overview } from './overview.ts'

const liveSeconds = 120

/** The last two minutes, second by second. */
export function LivePanel() {
  const seconds = useLive(liveSeconds)
  const times = useMemo(() => seconds.map(({ time }) => Date.parse(time) / 1_000), [seconds])
  const lines = useMemo<readonly Line[]>(
    () => [
      { label: 'requests/s', tone: 'accent', values: seconds.map(({ requests }) => requests) },
      { label: 'refused/s', tone: 'grey', values: seconds.map(({ refused }) => refused) },
      { label: 'failed/s', tone: 'danger', values: seconds.map(({ failed }) => failed) },
    ],
    [seconds],
  )
  const last = times.at(-1) ?? Date.now() / 1_000
  return (
    <Panel title="Now" aside={<span className="quiet-text">two minutes, as they happen</span>}>
      <Chart
        title="Requests a second, the last two minutes"
        times={times}
        range={[last - liveSeconds, last]}
        lines={lines}
        format={formatCompact}
      />
    </Panel>
  )
}

interface PastProps {
  readonly overview: Overview
  readonly words: string
}

/** How much came, was refused and failed over the stretch. */
export function TrafficPanel({ overview, words }: PastProps) {
  const { traffic, step } = overview
  const axis = useMemo(() => toAxis(overview, traffic), [overview, traffic])
  const lines = useMemo<readonly Line[]>(
    () => [
      { label: 'requests/s', tone: 'accent', values: traffic.map(({ requests }) => requests / step) },
      { label: 'refused/s', tone: 'grey', values: traffic.map(({ refused }) => refused / step) },
      { label: 'failed/s', tone: 'danger', values: traffic.map(({ status5xx }) => status5xx / step) },
    ],
    [traffic, step],
  )
  return (
    <Panel title="Traffic">
      <Chart title={`Requests a second ${words}`} {...axis} lines={lines} format={toRate} height={150} />
    </Panel>
  )
}

/** How long exchanges took over the stretch. */
export function LatencyPanel({ overview, words }: PastProps) {
  const { traffic } = overview
  const axis = useMemo(() => toAxis(overview, traffic), [overview, traffic])
  const lines = useMemo<readonly Line[]>(
    () => [
      { label: 'half within', tone: 'accent', values: traffic.map(({ p50 }) => p50) },
      { label: '99 % within', tone: 'grey', values: traffic.map(({ p99 }) => p99) },
    ],
    [traffic],
  )
  return (
    <Panel title="Latency">
      <Chart title={`Latency ${words}`} {...axis} lines={lines} format={formatMilliseconds} height={150} />
    </Panel>
  )
}

function toRate(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : formatCompact(Math.round(value))
}
