import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin } from '../../api/queries.ts'
import { formatCount, formatDay, formatDistance } from '../../parts/format.ts'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Asked, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Caller = AdminAnswer<'listCallers'>['callers'][number]

const shownFirst = 10

/** Who calls a version, the one that called last first. */
export function Callers({
  api,
  successor,
}: {
  readonly api: string
  readonly successor: string | undefined
}) {
  const callers = useAdmin('listCallers', { path: { api } }, { every: 10_000 })
  return (
    <div id={`callers-${api}`}>
      <Asked query={callers} what={`callers of ${api}`}>
        {({ callers: all }) => <CallerTable api={api} successor={successor} all={all} />}
      </Asked>
    </div>
  )
}

function CallerTable({
  api,
  successor,
  all,
}: {
  readonly api: string
  readonly successor: string | undefined
  readonly all: readonly Caller[]
}) {
  const [isWhole, setWhole] = useState(false)
  if (all.length === 0)
    return (
      <Empty title="Nobody has called it" hint="Who calls is written here some seconds after the call." />
    )
  return (
    <>
      <Table
        caption={`Callers of ${api}`}
        rows={isWhole ? all : all.slice(0, shownFirst)}
        keyOf={({ consumer }) => consumer}
        columns={[
          {
            title: 'Consumer',
            cell: ({ consumer }) =>
              isNamed(consumer) ? (
                <RequestsLink filter={{ api, consumer }}>{consumer}</RequestsLink>
              ) : (
                <span className="quiet-text">{consumer}</span>
              ),
          },
          { title: 'Calls it still', cell: ({ active }) => (active ? '● yes' : '○ no') },
          {
            title: 'Last call',
            cell: ({ lastSeen }) => <span className="nowrap">{formatDistance(lastSeen)}</span>,
          },
          { title: 'Since', cell: ({ firstSeen }) => <span className="nowrap">{formatDay(firstSeen)}</span> },
          { title: 'Requests', isNumber: true, cell: ({ requests }) => formatCount(requests) },
          {
            title: 'Refused',
            isNumber: true,
            cell: ({ consumer, refused }) =>
              refused > 0 && isNamed(consumer) ? (
                <RequestsLink filter={{ api, consumer, outcome: 'refused' }}>
                  {formatCount(refused)}
                </RequestsLink>
              ) : (
                formatCount(refused)
              ),
          },
          {
            title: successor === undefined ? 'Successor' : `Calls ${successor}`,
            cell: ({ successorSeen }) => (successorSeen === undefined ? '–' : formatDistance(successorSeen)),
          },
          {
            title: 'Exception',
            cell: ({ exceptionEnds }) =>
              exceptionEnds === undefined ? '–' : `ends ${formatDistance(exceptionEnds)}`,
          },
        ]}
      />
      {all.length > shownFirst && (
        <p className="actions">
          <button onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? `The last ${shownFirst} alone` : `All ${formatCount(all.length)}`}
          </button>
        </p>
      )}
    </>
  )
}

/** `(anonymous)` and `(other)` stand for many. */
function isNamed(consumer: string): boolean {
  return !consumer.startsWith('(')
}
