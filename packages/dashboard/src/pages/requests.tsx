import type { AdminAnswer, AdminQuery } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatMilliseconds, formatMoment } from '../parts/format.ts'
import { PageTitle } from '../parts/panel.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Exchange = AdminAnswer<'listExchanges'>['exchanges'][number]

const filters = ['search', 'api', 'operation', 'consumer', 'client', 'code', 'guard', 'outcome'] as const
const outcomes = ['passed', 'refused', 'failed', 'shadow'] as const

/** Recorded requests, narrowed down by what stands in the address of the page, so that it can be passed on. */
export function RequestsPage() {
  const [parameters, setParameters] = useSearchParams()
  const [cursor, setCursor] = useState<string>()
  const set = filters.flatMap((name) => {
    const value = parameters.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  const query = { ...Object.fromEntries(set), ...(cursor === undefined ? {} : { cursor }) } as NonNullable<
    AdminQuery<'listExchanges'>
  >
  const exchanges = useAdmin('listExchanges', { query }, cursor === undefined ? { every: 5_000 } : {})
  const remove = (name: string): void => {
    setCursor(undefined)
    setParameters((earlier) => new URLSearchParams([...earlier].filter(([each]) => each !== name)))
  }
  return (
    <>
      <PageTitle aside={<Outcomes chosen={parameters.get('outcome')} />}>Requests</PageTitle>
      {set.length > 0 && (
        <p className="filters">
          {set.map(([name, value]) => (
            <button key={name} className="chip" onClick={() => remove(name)}>
              {name} {value} <span aria-hidden="true">✕</span>
              <span className="hidden">remove this filter</span>
            </button>
          ))}
        </p>
      )}
      <Asked query={exchanges} what="requests">
        {({ exchanges: rows, next }) => (
          <>
            <Rows rows={rows} />
            <p className="pager">
              {cursor !== undefined && <button onClick={() => setCursor(undefined)}>Newest</button>}
              {next !== undefined && <button onClick={() => setCursor(next)}>Older</button>}
            </p>
          </>
        )}
      </Asked>
    </>
  )
}

function Outcomes({ chosen }: { readonly chosen: string | null }) {
  return (
    <nav className="tabs" aria-label="Outcome">
      <Link href="/requests" {...(chosen === null ? { 'aria-current': 'true' as const } : {})}>
        all
      </Link>
      {outcomes.map((outcome) => (
        <Link
          key={outcome}
          href={`/requests?outcome=${outcome}`}
          {...(chosen === outcome ? { 'aria-current': 'true' as const } : {})}
        >
          {outcome}
        </Link>
      ))}
    </nav>
  )
}

function Rows({ rows }: { readonly rows: readonly Exchange[] }) {
  if (rows.length === 0)
    return (
      <Empty
        title="No request fits"
        hint="Records are kept up to a size (observe.records.maxSize); older ones are gone. Take a filter away, or look further back."
      />
    )
  return (
    <Table
      caption="Requests, the newest first"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Time', cell: ({ id, time }) => <Link href={`/requests/${id}`}>{formatMoment(time)}</Link> },
        {
          title: 'Request',
          cell: ({ method, path }) => (
            <code>
              {method} {path}
            </code>
          ),
        },
        { title: 'Status', cell: (row) => <Status {...row} /> },
        { title: 'Who', cell: ({ label, consumer, client }) => label ?? consumer ?? client },
        { title: 'Took', isNumber: true, cell: ({ milliseconds }) => formatMilliseconds(milliseconds) },
      ]}
    />
  )
}

/** The status with what it means: a mark as well as a colour. */
export function Status({ status, code, refusedBy }: Pick<Exchange, 'status' | 'code' | 'refusedBy'>) {
  const tone = status >= 500 || status === 0 ? 'danger' : code === undefined ? undefined : 'refused'
  return (
    <span className={tone}>
      {tone === 'danger' ? '! ' : tone === 'refused' ? '╳ ' : ''}
      {status} {code ?? ''}
      {refusedBy !== undefined && <span className="quiet-text"> {refusedBy}</span>}
    </span>
  )
}
