import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatMilliseconds, formatMoment } from '../parts/format.ts'
import { GuardRow, type GuardCell } from '../parts/guard-row.tsx'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Text } from '../parts/text.tsx'
import { Table } from '../parts/table.tsx'
import { Status } from '../parts/status.tsx'

type Story = AdminAnswer<'getExchange'>

/** One request's whole story: the row of guards, stopped where it turned round. */
export function StoryPage({ id }: { readonly id: string }) {
  const story = useAdmin('getExchange', { path: { id } }, { retry: false })
  return (
    <Asked query={story} what="the request">
      {(value) => <Told story={value} />}
    </Asked>
  )
}

function Told({ story }: { readonly story: Story }) {
  const { exchange, row, upstreamAsked, reason } = story
  const end: GuardCell = {
    guard: 'upstream',
    state: upstreamAsked ? 'passed' : 'never-asked',
    detail: <small>{formatMilliseconds(exchange.upstreamMilliseconds)}</small>,
  }
  return (
    <>
      <PageTitle>
        <code>
          {exchange.method} {exchange.path}
        </code>{' '}
        → <Status {...exchange} />
      </PageTitle>
      <Panel title="The row of guards">
        <GuardRow cells={row.map(({ guard, state }) => ({ guard, state }))} end={end} />
        {reason !== undefined && <p className="reason">{reason}</p>}
      </Panel>
      <div className="columns">
        <Facts story={story} />
        <Verdicts row={row} />
      </div>
      <Panel title="As gateward explain prints it">
        <Text label="The story in words">{story.text}</Text>
      </Panel>
    </>
  )
}

function Facts({ story: { exchange, trace, protocol, bytes, query } }: { readonly story: Story }) {
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['Request id', <code key="id">{exchange.id}</code>],
    ['When', formatMoment(exchange.time)],
    ['Took', formatMilliseconds(exchange.milliseconds)],
    [
      'Operation',
      <Link key="operation" href={`/requests?operation=${encodeURIComponent(exchange.operation)}`}>
        {exchange.api} {exchange.operation}
      </Link>,
    ],
    [
      'Who',
      exchange.consumer === undefined ? (
        'nobody known'
      ) : (
        <Link key="consumer" href={`/requests?consumer=${encodeURIComponent(exchange.consumer)}`}>
          {exchange.label ?? exchange.consumer} {exchange.tier ?? ''}
        </Link>
      ),
    ],
    ['Credential', exchange.credential ?? '–'],
    [
      'Address',
      <Link key="client" href={`/requests?client=${encodeURIComponent(exchange.client)}`}>
        {exchange.client}
      </Link>,
    ],
    ['Query names', query ?? '–'],
    ['Protocol', protocol ?? '–'],
    ['Bytes sent', bytes === undefined ? '–' : formatCount(bytes)],
    ['Trace', trace ?? '–'],
    [
      'Configuration',
      <Link key="configuration" href="/configuration">
        <code>{exchange.configuration}</code>
      </Link>,
    ],
  ]
  return (
    <Panel title="Facts">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Verdicts({ row }: { readonly row: Story['row'] }) {
  const rows = row.flatMap(({ guard, verdicts }) => verdicts.map((verdict) => ({ guard, ...verdict })))
  return (
    <Panel title="What each guard said">
      <Table
        caption="Verdicts in the order in which they were given"
        rows={rows}
        keyOf={({ guard, phase }) => `${guard} ${phase}`}
        columns={[
          { title: 'Guard', cell: ({ guard }) => guard },
          { title: 'Phase', cell: ({ phase }) => phase },
          {
            title: 'Verdict',
            cell: ({ verdict, mode, code, note }) => (
              <>
                {verdict} {mode === 'shadow' ? '(shadow)' : ''} {code ?? ''}
                {note !== undefined && <small className="note">{note}</small>}
              </>
            ),
          },
          { title: 'µs', isNumber: true, cell: ({ microseconds }) => formatCount(Math.round(microseconds)) },
        ]}
      />
    </Panel>
  )
}
