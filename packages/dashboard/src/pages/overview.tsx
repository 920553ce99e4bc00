import { useAdmin } from '../api/queries.ts'
import { formatCount, formatMilliseconds, formatShare } from '../parts/format.ts'
import { Figure, PageTitle } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { TimeRangeChoice, useTimeRange, type TimeRange } from '../parts/time-range.tsx'
import { LatencyPanel, LivePanel, TrafficPanel } from './overview/charts.tsx'
import { NamesPanel } from './overview/names.tsx'
import { RefusalsPanel } from './overview/refusals.tsx'
import type { Overview } from './overview/overview.ts'

/** What the gateway does now, and did in a stretch of time before. */
export function OverviewPage() {
  const range = useTimeRange()
  const overview = useAdmin('getOverview', { query: { from: range.from } }, { every: 5_000, keep: true })
  return (
    <>
      <PageTitle aside={<TimeRangeChoice />}>Overview</PageTitle>
      <LivePanel />
      <Asked query={overview} what={`what happened ${range.words}`}>
        {(value) => <Past overview={value} range={range} />}
      </Asked>
    </>
  )
}

interface PastProps {
  readonly overview: Overview
  readonly range: TimeRange
}

function Past({ overview, range }: PastProps) {
  if (overview.totals.requests === 0)
    return (
      <Empty
        title={`No traffic ${range.words}`}
        hint="Send a request through the gate, and it is here a second later."
        command="curl --cacert data/ca.pem https://localhost:8443/"
      />
    )
  return (
    <>
      <Totals overview={overview} range={range} />
      <RefusalsPanel overview={overview} />
      <div className="columns">
        {range.seconds > 3_600 && <TrafficPanel overview={overview} words={range.words} />}
        <LatencyPanel overview={overview} words={range.words} />
      </div>
      <div className="columns narrow">
        <NamesPanel title="Operations" rows={overview.operations} by="operation" range={range} />
        <NamesPanel title="Consumers" rows={overview.consumers} by="consumer" range={range} />
        <NamesPanel title="Addresses" rows={overview.addresses} by="client" range={range} />
        <NamesPanel title="Countries" rows={overview.countries} by="country" range={range} />
      </div>
    </>
  )
}

function Totals({ overview: { totals }, range: { from, words } }: PastProps) {
  const { requests, refused, status5xx } = totals
  return (
    <dl className="figures">
      <Figure
        label={`Requests, ${words.replace('in the ', '')}`}
        value={<RequestsLink filter={{ since: from }}>{formatCount(requests)}</RequestsLink>}
        note="all that came"
      />
      <Figure
        label="Refused"
        value={
          <RequestsLink filter={{ outcome: 'refused', since: from }}>{formatCount(refused)}</RequestsLink>
        }
        note={formatShare(refused, requests)}
      />
      <Figure
        label="Failed (5xx)"
        value={
          <RequestsLink filter={{ outcome: 'failed', since: from }}>{formatCount(status5xx)}</RequestsLink>
        }
        note={formatShare(status5xx, requests)}
      />
      <Figure
        label="Half are done in"
        value={formatMilliseconds(totals.p50)}
        note={`99 % in ${formatMilliseconds(totals.p99)}`}
      />
    </dl>
  )
}
