import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useMemo } from 'react'
import { Chart, type Line } from '../../parts/chart.tsx'
import { formatCompact } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { toTimes } from './to-times.ts'

type Threats = AdminAnswer<'getThreats'>

/** The guards that refuse most, over time; the others together. */
export function RefusalsChart({ threats, words }: { readonly threats: Threats; readonly words: string }) {
  const { times, range, lines } = useMemo(() => toLines(threats), [threats])
  return (
    <Panel title="When" aside={<span className="quiet-text">refusals in {threats.step} s</span>}>
      <Chart title={`Refusals ${words}`} times={times} range={range} lines={lines} format={formatCompact} />
    </Panel>
  )
}

const tones = ['accent', 'danger', 'amber'] as const

function toLines(threats: Threats) {
  const { times, range, at } = toTimes(threats)
  const ranked = threats.refusals
    .map(({ guard, points }) => {
      const values = at(points)
      return { guard, values, sum: values.reduce((sum, value) => sum + value, 0) }
    })
    .toSorted((left, right) => right.sum - left.sum)
  const shown: readonly Line[] = ranked
    .slice(0, tones.length)
    .map(({ guard, values }, index) => ({ label: guard, tone: tones[index] ?? 'grey', values }))
  const rest = ranked.slice(tones.length)
  const others: readonly Line[] =
    rest.length === 0
      ? []
      : [
          {
            label: 'others',
            tone: 'grey',
            values: times.map((_, index) => rest.reduce((sum, { values }) => sum + (values[index] ?? 0), 0)),
          },
        ]
  return { times, range, lines: [...shown, ...others] }
}
