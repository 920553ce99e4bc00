import { useState } from 'react'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

/** What was done to the gateway, by whom and why; and whether anybody has tampered with it. */
export function AuditPage() {
  const [before, setBefore] = useState<number>()
  const entries = useAdmin('listAudit', { query: before === undefined ? {} : { before } })
  return (
    <>
      <PageTitle>Audit</PageTitle>
      <Verification />
      <Asked query={entries} what="the audit log">
        {({ entries: rows, next }) =>
          rows.length === 0 ? (
            <Empty
              title="Nothing yet"
              hint="Every administrative action and every change of the configuration stands here."
            />
          ) : (
            <>
              <Table
                caption="Audit log, the newest first"
                rows={rows}
                keyOf={({ number }) => String(number)}
                columns={[
                  { title: 'No.', isNumber: true, cell: ({ number }) => number },
                  { title: 'When', cell: ({ at }) => formatMoment(at) },
                  { title: 'Who', cell: ({ actor }) => `${actor.name} (${actor.kind})` },
                  { title: 'What', cell: ({ action }) => <code>{action}</code> },
                  { title: 'To what', cell: ({ target }) => target },
                  {
                    title: 'Outcome',
                    cell: ({ outcome }) => (
                      <span className={outcome === 'done' ? undefined : 'danger'}>{outcome}</span>
                    ),
                  },
                  { title: 'Why', cell: ({ reason }) => reason ?? '–' },
                ]}
              />
              <p className="pager">
                {before !== undefined && <button onClick={() => setBefore(undefined)}>Newest</button>}
                {next !== undefined && <button onClick={() => setBefore(next)}>Older</button>}
              </p>
            </>
          )
        }
      </Asked>
    </>
  )
}

function Verification() {
  const verification = useAdmin('verifyAudit')
  return (
    <Panel title="The chain">
      <Asked query={verification} what="the chain of hashes">
        {({ rows, seals, findings }) =>
          findings.length === 0 ? (
            <p>
              ✓ {formatCount(rows)} rows, {formatCount(seals)} signed seals: none was changed, removed or
              reordered.
            </p>
          ) : (
            <ul className="danger">
              {findings.map(({ number, kind, message }) => (
                <li key={`${number} ${kind}`}>
                  ! row {number}: {message}
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Panel>
  )
}
