import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCountry } from '../parts/country.ts'
import { formatCount, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink, toRequests, type RequestFilter } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { TimeRangeChoice, useTimeRange } from '../parts/time-range.tsx'
import { RefusalsChart } from './threats/refusals-chart.tsx'
import { BlocksPanel, RulesPanel, SystemsPanel } from './threats/sources.tsx'
import { WorldMap } from './threats/world-map.tsx'

type Threats = AdminAnswer<'getThreats'>
type Country = Threats['countries'][number]

/** Who is refused, from where, by which rules and when. */
export function ThreatsPage() {
  const range = useTimeRange()
  const threats = useAdmin('getThreats', { query: { from: range.from } }, { every: 30_000, keep: true })
  return (
    <>
      <PageTitle aside={<TimeRangeChoice />}>Threats</PageTitle>
      <Asked query={threats} what={`what was refused ${range.words}`}>
        {(value) => (
          <>
            <Origins threats={value} />
            <RefusalsChart threats={value} words={range.words} />
            {value.searchedDownTo > value.from && (
              <p className="hint">
                What follows is counted from records, and there are too many to look through all: since{' '}
                {formatMoment(value.searchedDownTo)}.
              </p>
            )}
            <div className="columns wide">
              <RulesPanel {...value} />
              <BlocksPanel {...value} />
              <SystemsPanel {...value} />
            </div>
          </>
        )}
      </Asked>
    </>
  )
}

const measures = {
  refused: 'refused',
  waf: 'refused by the WAF',
  anomalies: 'anomalies',
  requests: 'requests',
} as const

type Measure = keyof typeof measures

const names = Object.keys(measures) as readonly Measure[]

function Origins({ threats }: { readonly threats: Threats }) {
  const [measure, setMeasure] = useState<Measure>('refused')
  const { countries, from } = threats
  const counts = countries.map((country) => ({ name: country.name, count: country[measure] }))
  return (
    <Panel
      title="Where from"
      aside={
        <div className="tabs" role="group" aria-label="Shade by">
          {names.map((name) => (
            <button key={name} aria-pressed={name === measure} onClick={() => setMeasure(name)}>
              {measures[name]}
            </button>
          ))}
        </div>
      }
    >
      <div className="origins">
        <WorldMap
          counts={counts}
          what={measures[measure]}
          hrefOf={(country) => toRequests(filterOf(country, measure, from))}
        />
        <Countries rows={countries.toSorted((left, right) => right[measure] - left[measure])} since={from} />
      </div>
    </Panel>
  )
}

function Countries({ rows, since }: { readonly rows: readonly Country[]; readonly since: string }) {
  if (rows.length === 0)
    return (
      <Empty
        title="No request came from a country"
        hint="Addresses of this machine and of private networks are of none. Behind a load balancer, name it, so that its clients are seen:"
        command="trust: { proxies: [10.0.0.0/8] }"
      />
    )
  const number = (measure: Measure) => ({
    title: titles[measure],
    isNumber: true,
    cell: (row: Country) => {
      const count = formatCount(row[measure])
      if (row[measure] === 0 || row.name === '(other)') return count
      if (measure === 'anomalies') return <Link href="/alerts">{count}</Link>
      return <RequestsLink filter={filterOf(row.name, measure, since)}>{count}</RequestsLink>
    },
  })
  return (
    <div className="scrolled">
      <Table
        caption="Countries"
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Country',
            cell: ({ name }) => (name === '(other)' ? 'all others' : formatCountry(name)),
          },
          number('refused'),
          number('waf'),
          number('anomalies'),
          number('requests'),
        ]}
      />
    </div>
  )
}

const titles = { refused: 'Refused', waf: 'WAF', anomalies: 'Anomalies', requests: 'Requests' } as const

function filterOf(country: string, measure: Measure, since: string): RequestFilter {
  if (measure === 'waf') return { country, guard: 'waf', since }
  return measure === 'refused' ? { country, outcome: 'refused', since } : { country, since }
}
