import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin } from '../../api/queries.ts'
import { useMay } from '../../api/use-may.ts'
import { formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { Asked, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { Acknowledge } from './acknowledge.tsx'
import { Silence, Silences } from './silences.tsx'

type Alert = AdminAnswer<'listAlerts'>['alerts'][number]

/** Alerts with who looks after each, and what is kept from people. */
export function Alerts() {
  const alerts = useAdmin('listAlerts', {}, { every: 5_000 })
  return (
    <>
      <Panel title="Alerts">
        <Asked query={alerts} what="alerts">
          {({ alerts: rows }) =>
            rows.length === 0 ? (
              <Empty
                title="No alert"
                hint="Where they would go is tried with one command."
                command="npx gateward alerts test"
              />
            ) : (
              <Rows rows={rows} />
            )
          }
        </Asked>
      </Panel>
      {alerts.data !== undefined && alerts.data.silences.length > 0 && (
        <Silences rows={alerts.data.silences} />
      )}
    </>
  )
}

function Rows({ rows }: { readonly rows: readonly Alert[] }) {
  const mayAct = useMay('operator')
  const [asked, setAsked] = useState<{ readonly what: 'acknowledge' | 'silence'; readonly alert: Alert }>()
  const close = (): void => setAsked(undefined)
  return (
    <>
      <Table
        caption="Alerts, the newest first"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Since', cell: ({ openedAt }) => formatMoment(openedAt) },
          { title: 'Severity', cell: (alert) => <Severity {...alert} /> },
          { title: 'What', cell: ({ summary }) => summary },
          { title: 'About', cell: ({ subject }) => subject },
          { title: 'Times', isNumber: true, cell: ({ count }) => count },
          { title: 'Looked after', cell: (alert) => <LookedAfter {...alert} /> },
          {
            title: 'Actions',
            cell: (alert) =>
              mayAct &&
              alert.state === 'firing' && (
                <span className="actions">
                  {alert.acknowledgement === undefined && (
                    <button onClick={() => setAsked({ what: 'acknowledge', alert })}>
                      Acknowledge <span className="hidden">{alert.rule}</span>
                    </button>
                  )}
                  {!alert.silenced && (
                    <button onClick={() => setAsked({ what: 'silence', alert })}>
                      Silence <span className="hidden">{alert.rule}</span>
                    </button>
                  )}
                </span>
              ),
          },
        ]}
      />
      {asked?.what === 'acknowledge' && <Acknowledge alert={asked.alert} close={close} />}
      {asked?.what === 'silence' && <Silence about={asked.alert} close={close} />}
    </>
  )
}

function Severity({ severity, state, silenced, acknowledgement }: Alert) {
  const isTaken = silenced || acknowledgement !== undefined
  const needsSomebody = state === 'firing' && !isTaken && (severity === 'critical' || severity === 'high')
  return (
    <span className={needsSomebody ? 'badge danger' : 'badge'}>
      {needsSomebody ? '! ' : ''}
      {severity} {state === 'resolved' ? '(resolved)' : silenced ? '(silenced)' : ''}
    </span>
  )
}

function LookedAfter({ acknowledgement }: Alert) {
  if (acknowledgement === undefined) return '–'
  const { by, at, note } = acknowledgement
  return (
    <>
      {by}, {formatMoment(at)}
      {note !== '' && <span className="note">{note}</span>}
    </>
  )
}
