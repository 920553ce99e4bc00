import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useChange } from '../../api/queries.ts'
import { useMay } from '../../api/use-may.ts'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { formatDistance, formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { Failure } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type SilenceRow = AdminAnswer<'listAlerts'>['silences'][number]

/** What is kept from people, why, and until when. */
export function Silences({ rows }: { readonly rows: readonly SilenceRow[] }) {
  const mayLift = useMay('operator')
  const lift = useChange('liftSilence')
  return (
    <Panel title="Silences">
      {lift.isError && <Failure error={lift.error} />}
      <Table
        caption="Silences that hold"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Rule', cell: ({ rule }) => (rule === '*' ? 'all' : rule) },
          { title: 'About', cell: ({ subject }) => (subject === '*' ? 'anything' : subject) },
          { title: 'Why', cell: ({ reason }) => reason },
          {
            title: 'Ends',
            cell: ({ until }) => <span title={formatMoment(until)}>{formatDistance(until)}</span>,
          },
          {
            title: 'Actions',
            cell: ({ id, rule }) =>
              mayLift && (
                <button disabled={lift.isPending} onClick={() => lift.mutate({ path: { id } })}>
                  Lift <span className="hidden">the silence of {rule}</span>
                </button>
              ),
          },
        ]}
      />
    </Panel>
  )
}

/** Keeps alerts like one from people for a while. */
export function Silence({
  about,
  close,
}: {
  readonly about: { readonly rule: string; readonly subject: string }
  readonly close: () => void
}) {
  const silence = useChange('silenceAlerts')
  const { rule, subject } = about
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
