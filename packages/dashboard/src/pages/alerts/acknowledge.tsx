import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useChange } from '../../api/queries.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'

/** Says that whoever is logged in looks after an alert. */
export function Acknowledge({
  alert,
  close,
}: {
  readonly alert: AdminAnswer<'listAlerts'>['alerts'][number]
  readonly close: () => void
}) {
  const acknowledge = useChange('acknowledgeAlert')
  const { id, rule, summary } = alert
  const submit = ({ reason: note }: Readonly<Record<string, string>>): void =>
    acknowledge.mutate({ path: { id }, body: note === undefined ? {} : { note } }, { onSuccess: close })
  return (
    <FormDialog
      title={`Look after ${rule}`}
      action="I look after it"
      label="What is known or done"
      hint="For the others; it is shown with the alert and stands in the audit log."
      doing={acknowledge}
      submit={submit}
      close={close}
    >
      <p>{summary}</p>
      <p className="hint">Nobody is told of it again, nor of its escalation, before it is over.</p>
    </FormDialog>
  )
}
