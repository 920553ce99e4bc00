import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useChange } from '../../api/queries.ts'
import { Field, Select } from '../../parts/field.tsx'
import { because, FormDialog } from '../../parts/form-dialog.tsx'
import { formatDistance, formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { Asked, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { roles } from './roles.ts'

type Token = AdminAnswer<'listTokens'>['tokens'][number]

/** The tokens with which programs call the admin API. */
export function Tokens() {
  const tokens = useAdmin('listTokens')
  const [question, setQuestion] = useState<'new' | Token>()
  const close = (): void => setQuestion(undefined)
  return (
    <Panel title="Tokens of programs" aside={<button onClick={() => setQuestion('new')}>New token</button>}>
      <Asked query={tokens} what="tokens">
        {({ tokens: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="No program has a token"
              hint="A program calls the API under /api/v1 with one; the contract is at /openapi.json."
            />
          ) : (
            <Table
              caption="Tokens, the newest first"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { title: 'What for', cell: ({ label }) => label },
                { title: 'Token', cell: ({ display }) => <code>{display}</code> },
                { title: 'Role', cell: ({ role }) => role },
                { title: 'Made by', cell: ({ account }) => account },
                {
                  title: 'Ends',
                  cell: ({ expiresAt }) => (
                    <span title={formatMoment(expiresAt)}>{formatDistance(expiresAt)}</span>
                  ),
                },
                {
                  title: 'Actions',
                  cell: (token) => (
                    <button onClick={() => setQuestion(token)}>
                      End <span className="hidden">{token.label}</span>
                    </button>
                  ),
                },
              ]}
            />
          )
        }
      </Asked>
      {question === 'new' && <NewToken close={close} />}
      {question !== undefined && question !== 'new' && <EndToken token={question} close={close} />}
    </Panel>
  )
}

type Said = Readonly<Record<string, string>>

function NewToken({ close }: { readonly close: () => void }) {
  const create = useChange('createToken')
  const submit = ({ label = '', role, days, ...rest }: Said): void =>
    create.mutate({
      body: {
        label,
        role: roles.find((each) => each === role) ?? 'viewer',
        days: Number(days),
        ...because(rest),
      },
    })
  if (create.isSuccess) return <ShownOnce what="token" secret={create.data.value.token} close={close} />
  return (
    <FormDialog title="New token" action="Make the token" doing={create} submit={submit} close={close}>
      <Field label="What for" name="label" required maxLength={100} hint="Which program calls with it." />
      <Select label="Role" name="role" options={roles} />
      <Field
        label="Days that it lives"
        name="days"
        type="number"
        min={1}
        max={366}
        defaultValue={90}
        required
      />
    </FormDialog>
  )
}

function EndToken({ token, close }: { readonly token: Token; readonly close: () => void }) {
  const remove = useChange('removeToken')
  const submit = (said: Said): void =>
    remove.mutate({ path: { id: token.id }, query: because(said) }, { onSuccess: close })
  return (
    <FormDialog
      title={`End ${token.label}`}
      action="End the token"
      grave
      doing={remove}
      submit={submit}
      close={close}
    >
      <p>Whatever calls with it is shut out at once, and for ever.</p>
    </FormDialog>
  )
}
