import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { useLive, type LiveSecond } from '../api/use-live.ts'
import { Chart } from '../parts/chart.tsx'
import { formatCompact, formatCount, formatMilliseconds, formatShare } from '../parts/format.ts'
import { GuardRow, type GuardCell } from '../parts/guard-row.tsx'
import { Figure, PageTitle, Panel } from '../parts/panel.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Overview = AdminAnswer<'getOverview'>

/** What the gateway does now, and did in the last hour. */
export function OverviewPage() {
  const overview = useAdmin('getOverview', {}, { every: 5_000 })
  const seconds = useLive()
  return (
    <>
      <PageTitle>Overview</PageTitle>
      <Live seconds={seconds} />
      <Asked query={overview} what="the last hour">
        {(value) => <LastHour overview={value} />}
      </Asked>
    </>
  )
}

function Live({ seconds }: { readonly seconds: readonly LiveSecond[] }) {
  const times = useMemo(() => seconds.map(({ time }) => Date.parse(time) / 1_000), [seconds])
  const lines = useMemo(
    () => [
      { label: 'requests/s', tone: 'accent' as const, values: seconds.map(({ requests }) => requests) },
      { label: 'refused/s', tone: 'grey' as const, values: seconds.map(({ refused }) => refused) },
      { label: 'failed/s', tone: 'danger' as const, values: seconds.map(({ failed }) => failed) },
    ],
    [seconds],
  )
  return (
    <Panel title="Now">
      <Chart
        title="Requests a second, the last two minutes"
        times={times}
        lines={lines}
        format={formatCompact}
      />
    </Panel>
  )
}

function LastHour({ overview }: { readonly overview: Overview }) {
  const { totals } = overview
  if (totals.requests === 0)
    return (
      <Empty
        title="No traffic in the last hour"
        hint="Send a request through the gate, and it is here a second later."
        command="curl --cacert data/ca.pem https://localhost:8443/"
      />
    )
  return (
    <>
      <dl className="figures">
        <Figure
          label="Requests, last hour"
          value={<Link href="/requests">{formatCount(totals.requests)}</Link>}
        />
        <Figure
          label="Refused"
          value={<Link href="/requests?outcome=refused">{formatCount(totals.refused)}</Link>}
          note={formatShare(totals.refused, totals.requests)}
        />
        <Figure
          label="Failed (5xx)"
          value={<Link href="/requests?outcome=failed">{formatCount(totals.status5xx)}</Link>}
          note={formatShare(totals.status5xx, totals.requests)}
        />
        <Figure
          label="Half are done in"
          value={formatMilliseconds(totals.p50)}
          note={`99 % in ${formatMilliseconds(totals.p99)}`}
        />
      </dl>
      <Refusals overview={overview} />
      <Latency overview={overview} />
      <div className="columns">
        <Names title="Operations" names={overview.operations} query="operation" />
        <Names title="Consumers" names={overview.consumers} query="consumer" />
        <Names title="Addresses" names={overview.addresses} query="client" />
      </div>
    </>
  )
}

function Refusals({ overview }: { readonly overview: Overview }) {
  const status = useAdmin('getStatus')
  const cells = (status.data?.guards ?? []).map(({ guard, mode }): GuardCell => {
    const points = overview.refusals.find((entry) => entry.guard === guard)?.points ?? []
    const refused = points.reduce((sum, point) => sum + point.refused + point.shadow, 0)
    const byStart = new Map(points.map((point) => [point.start, point.refused + point.shadow]))
    return {
      guard,
      state: mode,
      detail: (
        <Link href={`/requests?guard=${guard}`} className="refusals">
          <Sparkline values={overview.traffic.map(({ start }) => byStart.get(start) ?? 0)} />
          {formatCompact(refused)} <span className="hidden">refused by {guard} in the last hour</span>
        </Link>
      ),
    }
  })
  return (
    <Panel title="Refused by guard">
      <GuardRow cells={cells} />
    </Panel>
  )
}

function Latency({ overview }: { readonly overview: Overview }) {
  const { traffic } = overview
  const times = useMemo(() => traffic.map(({ start }) => Date.parse(start) / 1_000), [traffic])
  const lines = useMemo(
    () => [
      { label: 'p50', tone: 'accent' as const, values: traffic.map(({ p50 }) => p50) },
      { label: 'p99', tone: 'grey' as const, values: traffic.map(({ p99 }) => p99) },
    ],
    [traffic],
  )
  return (
    <Panel title="Latency">
      <Chart
        title="Latency over the last hour"
        times={times}
        lines={lines}
        format={formatMilliseconds}
        height={130}
      />
    </Panel>
  )
}

function Names({
  title,
  names,
  query,
}: {
  readonly title: string
  readonly names: Overview['operations']
  readonly query: string
}) {
  return (
    <Panel title={title}>
      <Table
        caption={`${title} with most requests in the last hour`}
        rows={names.slice(0, 8)}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Name', cell: ({ name }) => <NameLink name={name} query={query} /> },
          { title: 'Requests', isNumber: true, cell: ({ requests }) => formatCompact(requests) },
          { title: 'Refused', isNumber: true, cell: ({ refused }) => formatCompact(refused) },
        ]}
      />
    </Panel>
  )
}

function NameLink({ name, query }: { readonly name: string; readonly query: string }) {
  if (name === '(other)' || name === '') return <span className="quiet-text">{name || '(none)'}</span>
  // An operation comes with its API before it.
  const value = query === 'operation' ? name.slice(name.indexOf(' ') + 1) : name
  return <Link href={`/requests?${query}=${encodeURIComponent(value)}`}>{name}</Link>
}
