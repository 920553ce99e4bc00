import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatMilliseconds, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink, type RequestFilter } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Status } from '../parts/status.tsx'
import { Table } from '../parts/table.tsx'

type Exchange = AdminAnswer<'listExchanges'>['exchanges'][number]

/** What narrows down, and how it is called to the reader. */
const filters: Readonly<Record<keyof RequestFilter, string>> = {
  search: 'contains',
  api: 'API',
  operation: 'operation',
  consumer: 'consumer',
  client: 'address',
  country: 'country',
  code: 'code',
  status: 'status',
  guard: 'guard',
  rule: 'WAF rule',
  dataClass: 'data class',
  outcome: 'outcome',
  since: 'since',
  until: 'until',
}
const outcomes = ['passed', 'refused', 'failed', 'shadow'] as const

/** Recorded requests, narrowed down by what stands in the address of the page, so that it can be passed on. */
export function RequestsPage() {
  const [parameters, setParameters] = useSearchParams()
  const [cursor, setCursor] = useState<string>()
  const set = (Object.keys(filters) as (keyof RequestFilter)[]).flatMap((name) => {
    const value = parameters.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  const query = { ...(Object.fromEntries(set) as RequestFilter), ...(cursor === undefined ? {} : { cursor }) }
  const exchanges = useAdmin('listExchanges', { query }, cursor === undefined ? { every: 5_000 } : {})
  const change = (name: keyof RequestFilter, value: string | undefined): void => {
    setCursor(undefined)
    setParameters((earlier) => {
      const next = new URLSearchParams(earlier)
      if (value === undefined) next.delete(name)
      else next.set(name, value)
      return next
    })
  }
  return (
    <>
      <PageTitle
        aside={<Outcomes chosen={parameters.get('outcome')} choose={(value) => change('outcome', value)} />}
      >
        Requests
      </PageTitle>
      {set.length > 0 && (
        <p className="filters">
          {set.map(([name, value]) => (
            <button key={name} className="chip" onClick={() => change(name, undefined)}>
              <span className="quiet-text">{filters[name]}</span>{' '}
              {name === 'since' || name === 'until' ? formatMoment(value) : value}{' '}
              <span aria-hidden="true">✕</span>
              <span className="hidden">remove this filter</span>
            </button>
          ))}
        </p>
      )}
      <Panel title={cursor === undefined ? 'The newest' : 'Older'}>
        <Asked query={exchanges} what="requests">
          {({ exchanges: rows, next, searchedDownTo }) => (
            <>
              <Rows rows={rows} searchedDownTo={next === undefined ? undefined : searchedDownTo} />
              <p className="pager">
                {cursor !== undefined && <button onClick={() => setCursor(undefined)}>Newest</button>}
                {next !== undefined && <button onClick={() => setCursor(next)}>Older</button>}
              </p>
            </>
          )}
        </Asked>
      </Panel>
    </>
  )
}

function Outcomes({
  chosen,
  choose,
}: {
  readonly chosen: string | null
  readonly choose: (outcome: string | undefined) => void
}) {
  return (
    <div className="tabs" role="group" aria-label="Outcome">
      <button aria-pressed={chosen === null} onClick={() => choose(undefined)}>
        all
      </button>
      {outcomes.map((outcome) => (
        <button key={outcome} aria-pressed={chosen === outcome} onClick={() => choose(outcome)}>
          {outcome}
        </button>
      ))}
    </div>
  )
}

function Rows({
  rows,
  searchedDownTo,
}: {
  readonly rows: readonly Exchange[]
  /** Where the search stopped for now; `undefined`: it has seen everything. */
  readonly searchedDownTo: string | undefined
}) {
  if (rows.length === 0)
    return (
      <Empty
        title="No request fits"
        hint={
          searchedDownTo === undefined
            ? 'Records are kept up to a size (observe.records.maxSize); older ones are gone. Take a filter away.'
            : `None since ${formatMoment(searchedDownTo)}; look further back with “Older”.`
        }
      />
    )
  return (
    <Table
      caption="Requests, the newest first"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Time', cell: ({ id, time }) => <Link href={`/requests/${id}`}>{formatMoment(time)}</Link> },
        { title: 'Status', cell: (row) => <Status {...row} /> },
        {
          title: 'Request',
          cell: ({ method, path }) => (
            <code className="request">
              {method} {path}
            </code>
          ),
        },
        { title: 'Who', cell: (row) => <Who {...row} /> },
        {
          title: 'From',
          cell: ({ client, country }) => (
            <>
              <RequestsLink filter={{ client }}>{client}</RequestsLink>{' '}
              {country !== undefined && <RequestsLink filter={{ country }}>{country}</RequestsLink>}
            </>
          ),
        },
        { title: 'Took', isNumber: true, cell: ({ milliseconds }) => formatMilliseconds(milliseconds) },
      ]}
    />
  )
}

function Who({ consumer, label }: Exchange) {
  if (consumer === undefined) return <span className="quiet-text">–</span>
  return <RequestsLink filter={{ consumer }}>{label ?? consumer}</RequestsLink>
}
