import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState, type FormEvent } from 'react'
import { useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, readForm } from '../parts/field.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty, Failure } from '../parts/states.tsx'
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
                  title: 'What to do',
                  cell: (alert) =>
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
    <span className={needsSomebody ? 'danger' : undefined}>
      {needsSomebody ? '! ' : ''}
      {severity} {state === 'resolved' ? '(resolved)' : silenced ? '(silenced)' : ''}
    </span>
  )
}

function Silence({ alert, close }: { readonly alert: Alert; readonly close: () => void }) {
  const silence = useChange('silenceAlerts')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { hours, reason = '' } = readForm(event.currentTarget)
    const body = { rule: alert.rule, subject: alert.subject, hours: Number(hours), reason }
    silence.mutate({ body }, { onSuccess: close })
  }
  return (
    <Dialog title={`Silence ${alert.rule}`} close={close}>
      <form onSubmit={submit}>
        <p>Nobody is told of it about {alert.subject} meanwhile; it is recorded all the same.</p>
        <Field label="Hours" name="hours" type="number" min={1} max={720} defaultValue={4} required />
        <Field label="Why" name="reason" maxLength={500} required hint="For whoever finds the silence." />
        {silence.isError && <Failure error={silence.error} />}
        <button disabled={silence.isPending}>Silence it</button>
      </form>
    </Dialog>
  )
}

function Anomalies() {
  const anomalies = useAdmin('listAnomalies', {}, { every: 10_000 })
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
                { title: 'Severity', cell: ({ severity }) => severity },
                { title: 'Why', cell: ({ explanation }) => explanation },
                { title: 'Whose', cell: ({ dimension, subject }) => `${dimension} ${subject}` },
                {
                  title: 'What to do',
                  cell: (anomaly) => (
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

function Expect({ anomaly, close }: { readonly anomaly: Anomaly; readonly close: () => void }) {
  const expect = useChange('expectAnomaly')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { days, reason = '' } = readForm(event.currentTarget)
    expect.mutate({ path: { id: anomaly.id }, body: { days: Number(days), reason } }, { onSuccess: close })
  }
  return (
    <Dialog title="This is as it should be" close={close}>
      <form onSubmit={submit}>
        <p>{anomaly.explanation}</p>
        <Field label="Days" name="days" type="number" min={1} max={366} defaultValue={30} required />
        <Field
          label="Why"
          name="reason"
          maxLength={500}
          required
          hint="It is told again where it goes half as far again."
        />
        {expect.isError && <Failure error={expect.error} />}
        <button disabled={expect.isPending}>It is expected</button>
      </form>
    </Dialog>
  )
}
