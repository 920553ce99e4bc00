import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { Dialog } from '../parts/dialog.tsx'
import { formatCount, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Text } from '../parts/text.tsx'

type Entry = AdminAnswer<'listAudit'>['entries'][number]

/** What was done to the gateway, by whom and why; and whether anybody has tampered with it. */
export function AuditPage() {
  const [before, setBefore] = useState<number>()
  const entries = useAdmin('listAudit', { query: before === undefined ? {} : { before } })
  const [shown, setShown] = useState<Entry>()
  const maySign = useMay('security')
  return (
    <>
      <PageTitle aside={maySign && <Link href="/audit/review">Review and sign off</Link>}>Audit</PageTitle>
      <Verification />
      <Panel title="What was done">
        <Asked query={entries} what="the audit log">
          {({ entries: rows, next }) => (
            <>
              <Entries rows={rows} show={setShown} />
              <p className="pager">
                {before !== undefined && <button onClick={() => setBefore(undefined)}>Newest</button>}
                {next !== undefined && <button onClick={() => setBefore(next)}>Older</button>}
              </p>
            </>
          )}
        </Asked>
      </Panel>
      {shown !== undefined && <Whole entry={shown} close={() => setShown(undefined)} />}
    </>
  )
}

function Entries({ rows, show }: { readonly rows: readonly Entry[]; readonly show: (entry: Entry) => void }) {
  if (rows.length === 0)
    return (
      <Empty
        title="Nothing yet"
        hint="Every administrative action and every change of the configuration stands here."
      />
    )
  return (
    <Table
      caption="Audit log, the newest first"
      rows={rows}
      keyOf={({ number }) => String(number)}
      columns={[
        {
          title: 'No.',
          isNumber: true,
          cell: (entry) => (
            <button className="quiet" onClick={() => show(entry)}>
              <span className="hidden">Row </span>
              {entry.number}
            </button>
          ),
        },
        { title: 'When', cell: ({ at }) => formatMoment(at) },
        { title: 'Who', cell: ({ actor }) => `${actor.name} (${actor.kind})` },
        { title: 'What', cell: ({ action }) => <code>{action}</code> },
        { title: 'To what', cell: ({ target }) => target },
        {
          title: 'Outcome',
          cell: ({ outcome }) => (
            <span className={outcome === 'done' ? 'badge' : 'badge danger'}>
              {outcome === 'done' ? '✓' : '!'} {outcome}
            </span>
          ),
        },
        { title: 'Why', cell: ({ reason }) => reason ?? '–' },
      ]}
    />
  )
}

function Whole({ entry, close }: { readonly entry: Entry; readonly close: () => void }) {
  const { number, at, actor, action, target, before, after, reason, outcome, hash } = entry
  return (
    <Dialog title={`Row ${number}: ${action}`} close={close}>
      <dl className="facts">
        {(
          [
            ['When', formatMoment(at)],
            ['Who', [actor.name, actor.role, actor.address].filter(Boolean).join(', ')],
            ['To what', target || '–'],
            ['Outcome', outcome],
            ['Why', reason ?? '–'],
            ['Hash', <code key="hash">{hash}</code>],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {before !== undefined && (
        <Text label="Before">{`before  ${JSON.stringify(before, undefined, 2)}`}</Text>
      )}
      {after !== undefined && <Text label="After">{`after  ${JSON.stringify(after, undefined, 2)}`}</Text>}
      {action.startsWith('configuration.') && (
        <p>
          <Link href="/configuration">Configurations and what changed with each</Link>
        </p>
      )}
    </Dialog>
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
            <ul className="plain danger">
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
