import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { callAdmin, type AdminError } from '../api/client.ts'
import { makePasskey } from '../api/passkey.ts'
import { queries, useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, readForm } from '../parts/field.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty, Failure } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { PasswordPanel } from './account/password.tsx'
import { SessionsPanel } from './account/sessions.tsx'

type Passkey = AdminAnswer<'listPasskeys'>['passkeys'][number]

/** The own account: the passkeys and the password with which one logs in. */
export function AccountPage() {
  const passkeys = useAdmin('listPasskeys')
  const remove = useChange('removePasskey')
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <PageTitle
        aside={
          <button className="primary" onClick={() => setAdding(true)}>
            Add a passkey
          </button>
        }
      >
        Your account
      </PageTitle>
      {remove.isError && <Failure error={remove.error} />}
      <Panel title="Passkeys">
        <Asked query={passkeys} what="passkeys">
          {({ passkeys: rows }) => (
            <Passkeys rows={rows} remove={({ id }) => remove.mutate({ path: { id } })} />
          )}
        </Asked>
      </Panel>
      <PasswordPanel />
      <SessionsPanel />
      {isAdding && <Add close={() => setAdding(false)} />}
    </>
  )
}

function Passkeys({
  rows,
  remove,
}: {
  readonly rows: readonly Passkey[]
  readonly remove: (passkey: Passkey) => void
}) {
  if (rows.length === 0)
    return (
      <Empty
        title="No passkey yet"
        hint="A passkey logs you in with this device in place of a password, and gives nothing away to a page that only looks like this one."
      />
    )
  return (
    <Table
      caption="Your passkeys"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Name', cell: ({ label }) => label },
        { title: 'Made', cell: ({ createdAt }) => formatMoment(createdAt) },
        {
          title: 'Last used',
          cell: ({ usedAt }) => (usedAt === undefined ? 'never' : formatDistance(usedAt)),
        },
        {
          title: 'Actions',
          cell: (passkey) => (
            <button onClick={() => remove(passkey)}>
              Remove <span className="hidden">{passkey.label}</span>
            </button>
          ),
        },
      ]}
    />
  )
}

function Add({ close }: { readonly close: () => void }) {
  const add = useMutation<void, AdminError, string>({
    mutationFn: async (label) => {
      const { value } = await callAdmin('beginPasskey')
      await callAdmin('addPasskey', { body: { ...(await makePasskey(value)), label } })
    },
    onSuccess: async () => {
      close()
      await queries.invalidateQueries()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { label = '' } = readForm(event.currentTarget)
    add.mutate(label)
  }
  return (
    <Dialog title="Add a passkey" close={close}>
      <form onSubmit={submit}>
        <Field label="Name" name="label" required maxLength={100} hint="Which device it is: laptop, phone." />
        {add.isError && <Failure error={add.error} />}
        <button disabled={add.isPending}>Make the passkey</button>
      </form>
    </Dialog>
  )
}
