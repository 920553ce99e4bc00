import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Select } from '../parts/field.tsx'
import { because, FormDialog } from '../parts/form-dialog.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { roles } from './accounts/roles.ts'
import { Tokens } from './accounts/tokens.tsx'

type Account = AdminAnswer<'listAccounts'>['accounts'][number]

/** Who may log in, and as what, and which programs may call; new accounts are made by one-time links. */
export function AccountsPage() {
  const accounts = useAdmin('listAccounts')
  const [isInviting, setInviting] = useState(false)
  return (
    <>
      <PageTitle
        aside={
          <button className="primary" onClick={() => setInviting(true)}>
            Invite
          </button>
        }
      >
        Accounts
      </PageTitle>
      <Panel title="Who may log in">
        <Asked query={accounts} what="accounts">
          {({ accounts: rows }) => (
            <Table
              caption="Accounts"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Name', cell: ({ name }) => name },
                { title: 'Role', cell: ({ role }) => role },
                { title: 'Logs in with', cell: (account) => describeWays(account) },
                { title: 'State', cell: ({ enabled }) => (enabled ? 'enabled' : 'disabled') },
                { title: 'Since', cell: ({ createdAt }) => formatMoment(createdAt) },
              ]}
            />
          )}
        </Asked>
      </Panel>
      <Tokens />
      {isInviting && <Invite close={() => setInviting(false)} />}
    </>
  )
}

function describeWays({ password, passkeys, oidc }: Account): string {
  const ways = [
    ...(password ? ['password'] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? 'a passkey' : `${passkeys} passkeys`] : []),
    ...(oidc ? ['single sign-on'] : []),
  ]
  return ways.join(', ') || 'nothing'
}

function Invite({ close }: { readonly close: () => void }) {
  const invite = useChange('createInvitation')
  const submit = ({ role, ...rest }: Readonly<Record<string, string>>): void =>
    invite.mutate({ body: { role: roles.find((each) => each === role) ?? 'viewer', ...because(rest) } })
  if (invite.isSuccess) {
    const { path, expiresAt } = invite.data.value
    const link = new URL(path, location.href).href
    return (
      <Dialog title="The link, good for one account" close={close}>
        <pre className="secret">
          <code>{link}</code>
        </pre>
        <p className="actions">
          <CopyButton text={link} />
          <span className="hint">It ends {formatDistance(expiresAt)}.</span>
        </p>
      </Dialog>
    )
  }
  return (
    <FormDialog title="Invite somebody" action="Make the link" doing={invite} submit={submit} close={close}>
      <Select label="Role" name="role" options={roles} />
    </FormDialog>
  )
}
