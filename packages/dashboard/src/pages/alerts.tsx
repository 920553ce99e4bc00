import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useChange } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { Field } from '../parts/field.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Alert = AdminAnswer<'listAlerts'>['alerts'][number]
type Anomaly = AdminAnswer<'listAnomalies'>['anomalies'][number]

/** What needs a person, and what is not as it was. */
export function AlertsPage() {
  return (
    <>
      <PageTitle>Alerts and anomalies</PageTitle>
      <Alerts />
      <Anomalies />
    </>
  )
}

function Alerts() {
  const alerts = useAdmin('listAlerts', {}, { every: 5_000 })
  const maySilence = useMay('operator')
  const [silenced, setSilenced] = useState<Alert>()
  return (
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
                {
                  title: 'Actions',
                  cell: (alert) =>
                    maySilence &&
                    alert.state === 'firing' && (
                      <button onClick={() => setSilenced(alert)}>
                        Silence <span className="hidden">{alert.rule}</span>
                      </button>
                    ),
                },
              ]}
            />
          )
        }
      </Asked>
      {silenced !== undefined && <Silence alert={silenced} close={() => setSilenced(undefined)} />}
    </Panel>
  )
}

function Severity({ severity, state, silenced }: Alert) {
  const needsSomebody = state === 'firing' && !silenced && (severity === 'critical' || severity === 'high')
  return (
    <span className={needsSomebody ? 'badge danger' : 'badge'}>
      {needsSomebody ? '! ' : ''}
      {severity} {state === 'resolved' ? '(resolved)' : silenced ? '(silenced)' : ''}
    </span>
  )
}

function Silence({ alert, close }: { readonly alert: Alert; readonly close: () => void }) {
  const silence = useChange('silenceAlerts')
  const { rule, subject } = alert
  const submit = ({ hours, reason = '' }: Readonly<Record<string, string>>): void =>
    silence.mutate({ body: { rule, subject, hours: Number(hours), reason } }, { onSuccess: close })
  return (
    <FormDialog
      title={`Silence ${rule}`}
      action="Silence it"
      reason="required"
      doing={silence}
      submit={submit}
      close={close}
    >
      <p>Nobody is told of it about {subject} meanwhile; it is recorded all the same.</p>
      <Field label="Hours" name="hours" type="number" min={1} max={720} defaultValue={4} required />
    </FormDialog>
  )
}

function Anomalies() {
  const anomalies = useAdmin('listAnomalies', {}, { every: 10_000 })
  const mayExpect = useMay('operator')
  const [expected, setExpected] = useState<Anomaly>()
  return (
    <Panel title="Anomalies">
      <Asked query={anomalies} what="anomalies">
        {({ anomalies: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="Traffic is as it was"
              hint="Each stream is watched against its own past; it takes a while to know it."
            />
          ) : (
            <Table
              caption="Anomalies, the newest first"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'When',
                  cell: ({ time }) => <span title={formatMoment(time)}>{formatDistance(time)}</span>,
                },
                { title: 'Severity', cell: ({ severity }) => <span className="badge">{severity}</span> },
                { title: 'Why', cell: ({ explanation }) => explanation },
                { title: 'Whose', cell: (anomaly) => <Whose {...anomaly} /> },
                {
                  title: 'Actions',
                  cell: (anomaly) =>
                    mayExpect && (
                      <button onClick={() => setExpected(anomaly)}>
                        Expected <span className="hidden">{anomaly.measure}</span>
                      </button>
                    ),
                },
              ]}
            />
          )
        }
      </Asked>
      {expected !== undefined && <Expect anomaly={expected} close={() => setExpected(undefined)} />}
    </Panel>
  )
}

/** Leads to the requests of whoever it is about. */
function Whose({ dimension, subject }: Anomaly) {
  const name = `${dimension} ${subject}`
  const filter = { consumer: 'consumer', address: 'client', api: 'api', operation: 'operation' }[dimension]
  return filter === undefined ? name : <RequestsLink filter={{ [filter]: subject }}>{name}</RequestsLink>
}

function Expect({ anomaly, close }: { readonly anomaly: Anomaly; readonly close: () => void }) {
  const expect = useChange('expectAnomaly')
  const submit = ({ days, reason = '' }: Readonly<Record<string, string>>): void =>
    expect.mutate({ path: { id: anomaly.id }, body: { days: Number(days), reason } }, { onSuccess: close })
  return (
    <FormDialog
      title="This is as it should be"
      action="It is expected"
      reason="required"
      doing={expect}
      submit={submit}
      close={close}
    >
      <p>{anomaly.explanation}</p>
      <p className="hint">It is told again where it goes half as far again.</p>
      <Field label="Days" name="days" type="number" min={1} max={366} defaultValue={30} required />
    </FormDialog>
  )
}
