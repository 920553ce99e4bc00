import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { KeyDialog, type KeyQuestion } from './key-dialogs.tsx'

type Key = AdminAnswer<'listKeys'>['keys'][number]

/** Who calls, with which keys, and until when. */
export function ConsumersPage() {
  const keys = useAdmin('listKeys', {}, { every: 10_000 })
  const mayMake = useMay('security')
  const [question, setQuestion] = useState<KeyQuestion>()
  return (
    <>
      <PageTitle
        aside={
          mayMake && (
            <button className="primary" onClick={() => setQuestion({ kind: 'create' })}>
              New key
            </button>
          )
        }
      >
        Consumers and keys
      </PageTitle>
      {keys.data !== undefined && <Endings rows={keys.data.keys} ask={setQuestion} />}
      <Panel title="API keys">
        <Asked query={keys} what="keys">
          {({ keys: rows }) => <Keys rows={rows} ask={setQuestion} />}
        </Asked>
      </Panel>
      {question !== undefined && <KeyDialog question={question} close={() => setQuestion(undefined)} />}
    </>
  )
}

/** The keys that end within the next two weeks, the soonest first. */
function Endings({
  rows,
  ask,
}: {
  readonly rows: readonly Key[]
  readonly ask: (question: KeyQuestion) => void
}) {
  const near = rows.filter(isEnding).toSorted((left, right) => left.expiresAt.localeCompare(right.expiresAt))
  if (near.length === 0) return null
  return (
    <Panel title="Near their end">
      <Table
        caption="Keys that end soon, the soonest first"
        rows={near}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Consumer',
            cell: ({ consumer }) => <RequestsLink filter={{ consumer }}>{consumer}</RequestsLink>,
          },
          { title: 'Key', cell: ({ display }) => <code>{display}</code> },
          { title: 'Ends', cell: (key) => <State {...key} /> },
          { title: 'When', cell: ({ expiresAt }) => formatMoment(expiresAt) },
          { title: 'Actions', cell: (key) => <Actions subject={key} ask={ask} /> },
        ]}
      />
    </Panel>
  )
}

const soon = 14 * 86_400_000

function isEnding({ state, expiresAt }: Key): boolean {
  return state === 'active' && Date.parse(expiresAt) - Date.now() < soon
}

function Keys({
  rows,
  ask,
}: {
  readonly rows: readonly Key[]
  readonly ask: (question: KeyQuestion) => void
}) {
  if (rows.length === 0)
    return (
      <Empty
        title="Nobody has a key yet"
        hint="Make one here, or on the command line."
        command="npx gateward keys create acme"
      />
    )
  return (
    <Table
      caption="API keys, the newest first"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Consumer',
          cell: ({ consumer, label }) => (
            <>
              <RequestsLink filter={{ consumer }}>{consumer}</RequestsLink>{' '}
              {label !== consumer && <span className="quiet-text">{label}</span>}
            </>
          ),
        },
        { title: 'Key', cell: ({ display }) => <code>{display}</code> },
        { title: 'Tier', cell: ({ tier }) => tier ?? 'default' },
        { title: 'Scopes', cell: ({ scopes }) => scopes.join(' ') || '–' },
        { title: 'State', cell: (key) => <State {...key} /> },
        { title: 'Actions', cell: (key) => <Actions subject={key} ask={ask} /> },
      ]}
    />
  )
}

function Actions({ subject, ask }: { readonly subject: Key; readonly ask: (question: KeyQuestion) => void }) {
  const mayMake = useMay('security')
  const mayEnd = useMay('operator')
  if (subject.state !== 'active') return null
  return (
    <span className="actions">
      {mayMake && (
        <button onClick={() => ask({ kind: 'rotate', subject })}>
          Rotate <span className="hidden">{subject.display}</span>
        </button>
      )}
      {mayEnd && (
        <button onClick={() => ask({ kind: 'revoke', subject })}>
          Revoke <span className="hidden">{subject.display}</span>
        </button>
      )}
    </span>
  )
}

function State(key: Key) {
  const { state, expiresAt } = key
  if (state !== 'active') return <span className="quiet-text">{state}</span>
  const isSoon = isEnding(key)
  return (
    <span className={isSoon ? 'amber' : undefined} title={formatMoment(expiresAt)}>
      {isSoon ? '⚠ ' : ''}ends {formatDistance(expiresAt)}
    </span>
  )
}
