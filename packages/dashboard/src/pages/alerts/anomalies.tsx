import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useChange } from '../../api/queries.ts'
import { useMay } from '../../api/use-may.ts'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { formatCount, formatDistance, formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Asked, Empty, Failure } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Anomaly = AdminAnswer<'listAnomalies'>['anomalies'][number]

/** Traffic that is not as it was, and what of it somebody said is as it should be. */
export function Anomalies() {
  const anomalies = useAdmin('listAnomalies', {}, { every: 10_000 })
  const mayExpect = useMay('operator')
  const [expected, setExpected] = useState<Anomaly>()
  return (
    <>
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
      {anomalies.data !== undefined && anomalies.data.expectations.length > 0 && (
        <Expectations rows={anomalies.data.expectations} />
      )}
    </>
  )
}

function Expectations({ rows }: { readonly rows: AdminAnswer<'listAnomalies'>['expectations'] }) {
  const mayForget = useMay('operator')
  const forget = useChange('forgetExpectation')
  return (
    <Panel title="Expected">
      {forget.isError && <Failure error={forget.error} />}
      <Table
        caption="What somebody said is as it should be"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { title: 'What', cell: ({ measure }) => measure },
          { title: 'Whose', cell: (expectation) => <Whose {...expectation} /> },
          { title: 'Up to', isNumber: true, cell: ({ observed }) => formatCount(observed * 1.5) },
          { title: 'Why', cell: ({ reason }) => reason },
          {
            title: 'Ends',
            cell: ({ until }) => <span title={formatMoment(until)}>{formatDistance(until)}</span>,
          },
          {
            title: 'Actions',
            cell: ({ id, measure }) =>
              mayForget && (
                <button disabled={forget.isPending} onClick={() => forget.mutate({ path: { id } })}>
                  Take it back <span className="hidden">{measure}</span>
                </button>
              ),
          },
        ]}
      />
    </Panel>
  )
}

/** Leads to the requests of whoever it is about. */
function Whose({ dimension, subject }: Pick<Anomaly, 'dimension' | 'subject'>) {
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
