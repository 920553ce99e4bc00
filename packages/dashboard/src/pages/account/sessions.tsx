import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin, useChange } from '../../api/queries.ts'
import { formatDistance, formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { Asked, Failure } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Session = AdminAnswer<'listSessions'>['sessions'][number]

/** Where one is logged in; a session on a device that is lost can be ended from here. */
export function SessionsPanel() {
  const sessions = useAdmin('listSessions', {}, { every: 30_000 })
  const end = useChange('endSession')
  const endOthers = useChange('endOtherSessions')
  const failed = end.error ?? endOthers.error
  const others = sessions.data?.sessions.filter(({ isOwn }) => !isOwn).length ?? 0
  return (
    <Panel
      title="Sessions"
      aside={
        others > 0 && (
          <button disabled={endOthers.isPending} onClick={() => endOthers.mutate({})}>
            End all others
          </button>
        )
      }
    >
      {failed !== null && <Failure error={failed} />}
      {endOthers.data !== undefined && <p role="status">{describeEnded(endOthers.data.value.ended)}</p>}
      <Asked query={sessions} what="sessions">
        {({ sessions: rows }) => <Sessions rows={rows} end={({ id }) => end.mutate({ path: { id } })} />}
      </Asked>
    </Panel>
  )
}

function Sessions({
  rows,
  end,
}: {
  readonly rows: readonly Session[]
  readonly end: (session: Session) => void
}) {
  return (
    <Table
      caption="Your sessions"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Session', cell: ({ isOwn }) => (isOwn ? '● this one' : '○ elsewhere') },
        { title: 'Logged in by', cell: ({ method }) => methods[method] },
        { title: 'Began', cell: ({ createdAt }) => formatMoment(createdAt) },
        { title: 'Last used', cell: ({ usedAt }) => formatDistance(usedAt) },
        { title: 'Ends at the latest', cell: ({ expiresAt }) => formatMoment(expiresAt) },
        {
          title: 'Actions',
          cell: (session) =>
            session.isOwn ? (
              <span className="quiet-text">Log out ends it</span>
            ) : (
              <button onClick={() => end(session)}>
                End <span className="hidden">the session that began {formatMoment(session.createdAt)}</span>
              </button>
            ),
        },
      ]}
    />
  )
}

const methods = {
  password: 'password',
  passkey: 'passkey',
  oidc: 'single sign-on',
  invitation: 'one-time link',
} as const

function describeEnded(ended: number): string {
  return ended === 1 ? 'One other session was ended.' : `${ended} other sessions were ended.`
}
