import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useAdmin, useChange } from '../../api/queries.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { formatCount, formatDay, formatDistance, formatMoment } from '../../parts/format.ts'
import { Figure, PageTitle, Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Asked } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Review = AdminAnswer<'getReview'>['review']

const periods = [7, 30, 90, 365] as const

/** What somebody who answers for the gateway reads now and then, and signs. */
export function ReviewPage() {
  const [days, setDays] = useState<number>(30)
  // Signed is what was read: it must not change under the reader's eyes.
  const review = useAdmin('getReview', { query: { days } }, { isSteady: true })
  return (
    <>
      <PageTitle aside={<Link href="/audit">Audit log</Link>}>Review</PageTitle>
      <div className="tabs" role="group" aria-label="Period">
        {periods.map((period) => (
          <button key={period} aria-pressed={period === days} onClick={() => setDays(period)}>
            {period} days
          </button>
        ))}
      </div>
      <Asked query={review} what="the review">
        {({ hash, review: shown }) => (
          <>
            <SignOff key={hash} hash={hash} review={shown} />
            <Changes {...shown} />
            <Exceptions {...shown} />
            <Endings {...shown} />
            <Refusals {...shown} />
          </>
        )}
      </Asked>
    </>
  )
}

function SignOff({ hash, review }: { readonly hash: string; readonly review: Review }) {
  const [isSigning, setSigning] = useState(false)
  const signOff = useChange('signOffReview')
  const { integrity, lastReview, from, to } = review
  const isWhole = integrity.findings.length === 0
  const close = (): void => setSigning(false)
  return (
    <Panel
      title={`${formatDay(from)} to ${formatDay(to)}`}
      aside={
        signOff.isSuccess ? (
          <span className="badge">✓ signed</span>
        ) : (
          <button className="primary" onClick={() => setSigning(true)}>
            Sign off…
          </button>
        )
      }
    >
      <dl className="figures">
        <Figure
          label="Audit log"
          value={isWhole ? '✓ whole' : `! ${integrity.findings.length} findings`}
          note={`${formatCount(integrity.rows)} rows checked`}
        />
        <Figure
          label="Last signed"
          value={lastReview === undefined ? 'never' : formatDistance(lastReview.at)}
          note={lastReview?.by}
        />
      </dl>
      {!isWhole && (
        <ul className="plain danger">
          {integrity.findings.map((finding) => (
            <li key={finding}>! {finding}</li>
          ))}
        </ul>
      )}
      {isSigning && (
        <FormDialog
          title="Sign off the review"
          action="I have read it"
          label="Note"
          hint="What you have to say; it stands in the audit log."
          doing={signOff}
          submit={({ reason: note }) =>
            signOff.mutate({ body: note === undefined ? { hash } : { hash, note } }, { onSuccess: close })
          }
          close={close}
        >
          <p>
            The audit log will say that you have read this review, and which one: SHA-256{' '}
            <code>{hash.slice(0, 16)}…</code>
          </p>
        </FormDialog>
      )}
    </Panel>
  )
}

/** A list of the review, or one sentence where there is nothing in it. */
function Part({
  title,
  isEmpty,
  none,
  children,
}: {
  readonly title: string
  readonly isEmpty: boolean
  readonly none: string
  readonly children: ReactNode
}) {
  return <Panel title={title}>{isEmpty ? <p className="state">{none}</p> : children}</Panel>
}

function Changes({ changes }: Review) {
  return (
    <Part title="Changes" isEmpty={changes.length === 0} none="Nobody changed anything.">
      <Table
        caption="Changes by action and person"
        rows={changes}
        keyOf={({ action, actor }) => `${action} ${actor}`}
        columns={[
          { title: 'What', cell: ({ action }) => <code>{action}</code> },
          { title: 'Who', cell: ({ actor }) => actor },
          { title: 'Times', isNumber: true, cell: ({ times }) => formatCount(times) },
          {
            title: 'Refused',
            isNumber: true,
            cell: ({ refused }) => (refused === 0 ? '–' : formatCount(refused)),
          },
          { title: 'To what', cell: ({ targets }) => targets.filter(Boolean).join(', ') || '–' },
        ]}
      />
    </Part>
  )
}

function Exceptions({ exceptions, idleAccounts }: Review) {
  const all = [
    ...exceptions,
    ...idleAccounts.map((name) => ({
      subject: `account ${name}`,
      message: 'nobody logged in within the period',
    })),
  ]
  return (
    <Part title="Exceptions" isEmpty={all.length === 0} none="No guard is off, and nothing is excepted.">
      <Table
        caption="What is not as it is by default"
        rows={all}
        keyOf={({ subject, message }) => `${subject} ${message}`}
        columns={[
          { title: 'What', cell: ({ subject }) => subject },
          { title: 'How', cell: ({ message }) => message },
        ]}
      />
    </Part>
  )
}

function Endings({ endings }: Review) {
  return (
    <Part title="Ends soon" isEmpty={endings.length === 0} none="No key, certificate or waiver ends soon.">
      <Table
        caption="What ends soon, the soonest first"
        rows={endings}
        keyOf={({ subject, endsAt }) => `${subject} ${endsAt}`}
        columns={[
          { title: 'What', cell: ({ subject }) => subject },
          { title: 'Ends', cell: ({ endsAt }) => formatMoment(endsAt) },
          { title: 'Days', isNumber: true, cell: ({ daysLeft }) => daysLeft },
          { title: 'How', cell: ({ message }) => message },
        ]}
      />
    </Part>
  )
}

function Refusals({ refusals, refusedOperations }: Review) {
  const rows = [
    ...refusals.map(({ name, count }) => ({ kind: 'guard', name, count, filter: { guard: name } })),
    ...refusedOperations.map(({ name, count }) => ({ kind: 'operation', name, count, filter: {} })),
  ]
  return (
    <Part title="Refused most" isEmpty={rows.length === 0} none="Nothing was refused.">
      <Table
        caption="What was refused most, by guard and operation"
        rows={rows}
        keyOf={({ kind, name }) => `${kind} ${name}`}
        columns={[
          { title: 'By', cell: ({ kind }) => kind },
          { title: 'Name', cell: ({ name }) => name },
          {
            title: 'Times',
            isNumber: true,
            cell: ({ kind, count, filter }) =>
              kind === 'guard' ? (
                <RequestsLink filter={filter}>{formatCount(count)}</RequestsLink>
              ) : (
                formatCount(count)
              ),
          },
        ]}
      />
    </Part>
  )
}
