import { useState, type FormEvent } from 'react'
import { useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, readForm } from '../parts/field.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle } from '../parts/panel.tsx'
import { Asked, Failure } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

const roles = ['viewer', 'operator', 'security', 'admin'] as const

/** Who may log in, and as what; new accounts are made by one-time links. */
export function AccountsPage() {
  const accounts = useAdmin('listAccounts')
  const [isInviting, setInviting] = useState(false)
  return (
    <>
      <PageTitle aside={<button onClick={() => setInviting(true)}>Invite</button>}>Accounts</PageTitle>
      <Asked query={accounts} what="accounts">
        {({ accounts: rows }) => (
          <Table
            caption="Accounts"
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Name', cell: ({ name }) => name },
              { title: 'Role', cell: ({ role }) => role },
              { title: 'State', cell: ({ enabled }) => (enabled ? 'enabled' : 'disabled') },
              { title: 'Since', cell: ({ createdAt }) => formatMoment(createdAt) },
            ]}
          />
        )}
      </Asked>
      {isInviting && <Invite close={() => setInviting(false)} />}
    </>
  )
}

function Invite({ close }: { readonly close: () => void }) {
  const invite = useChange('createInvitation')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { role, reason } = readForm(event.currentTarget)
    const chosen = roles.find((each) => each === role) ?? 'viewer'
    invite.mutate({ body: { role: chosen, ...(reason === undefined ? {} : { reason }) } })
  }
  if (invite.isSuccess) {
    const { path, expiresAt } = invite.data.value
    return (
      <Dialog title="The link, good for one account" close={close}>
        <pre className="secret">
          <code>{new URL(path, location.href).href}</code>
        </pre>
        <p>It ends {formatDistance(expiresAt)}.</p>
      </Dialog>
    )
  }
  return (
    <Dialog title="Invite somebody" close={close}>
      <form onSubmit={submit}>
        <div className="field">
          <label htmlFor="role">Role</label>
          <select id="role" name="role">
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </div>
        <Field label="Why" name="reason" maxLength={500} hint="For the audit log." />
        {invite.isError && <Failure error={invite.error} />}
        <button disabled={invite.isPending}>Make the link</button>
      </form>
    </Dialog>
  )
}
