import { useAdmin } from '../../api/queries.ts'
import { formatCompact } from '../../parts/format.ts'
import { GuardRow, type GuardCell } from '../../parts/guard-row.tsx'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import type { Overview } from './overview.ts'

/** The row of guards, each with what it refused over the stretch, and at its end what the services failed at. */
export function RefusalsPanel({ overview }: { readonly overview: Overview }) {
  const status = useAdmin('getStatus')
  const { from: since, traffic } = overview
  const cells = (status.data?.guards ?? []).map(({ guard, mode }): GuardCell => {
    const points = overview.refusals.find((entry) => entry.guard === guard)?.points ?? []
    const refused = points.reduce((sum, point) => sum + point.refused + point.shadow, 0)
    const byStart = new Map(points.map((point) => [point.start, point.refused + point.shadow]))
    const values = traffic.map(({ start }) => byStart.get(start) ?? 0)
    return {
      guard,
      state: mode,
      detail: (
        <Count filter={{ guard, since }} count={refused} values={values} what={`refused by ${guard}`} />
      ),
    }
  })
  const failures = traffic.map(({ status5xx }) => status5xx)
  const failed = failures.reduce((sum, value) => sum + value, 0)
  const end: GuardCell = {
    guard: 'upstream',
    state: 'passed',
    word: 'failures (5xx)',
    detail: (
      <Count filter={{ outcome: 'failed', since }} count={failed} values={failures} what="failed (5xx)" />
    ),
  }
  return (
    <Panel title="Refused by guard">
      <GuardRow cells={cells} end={end} />
    </Panel>
  )
}

function Count({
  filter,
  count,
  values,
  what,
}: {
  readonly filter: React.ComponentProps<typeof RequestsLink>['filter']
  readonly count: number
  readonly values: readonly number[]
  readonly what: string
}) {
  return (
    <RequestsLink filter={filter} className={count === 0 ? 'refusals none' : 'refusals'}>
      <span className="count">{formatCompact(count)}</span> <span className="hidden">{what}</span>
      {count > 0 && <Sparkline values={values} />}
    </RequestsLink>
  )
}
