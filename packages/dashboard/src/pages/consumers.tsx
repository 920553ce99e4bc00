import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState, type FormEvent } from 'react'
import { Link } from 'wouter'
import { useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, readForm } from '../parts/field.tsx'
import { formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle } from '../parts/panel.tsx'
import { Asked, Empty, Failure } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Key = AdminAnswer<'listKeys'>['keys'][number]
type Question = { readonly kind: 'create' } | { readonly kind: 'rotate' | 'revoke'; readonly key: Key }

/** Who calls, with which keys, and until when. */
export function ConsumersPage() {
  const keys = useAdmin('listKeys', {}, { every: 10_000 })
  const [question, setQuestion] = useState<Question>()
  const close = (): void => setQuestion(undefined)
  return (
    <>
      <PageTitle aside={<button onClick={() => setQuestion({ kind: 'create' })}>New key</button>}>
        Consumers and keys
      </PageTitle>
      <Asked query={keys} what="keys">
        {({ keys: rows }) => <Keys rows={rows} ask={setQuestion} />}
      </Asked>
      {question?.kind === 'create' && <NewKey close={close} />}
      {question?.kind === 'rotate' && (
        <RotateKey key={question.key.id} subject={question.key} close={close} />
      )}
      {question?.kind === 'revoke' && (
        <RevokeKey key={question.key.id} subject={question.key} close={close} />
      )}
    </>
  )
}

function Keys({ rows, ask }: { readonly rows: readonly Key[]; readonly ask: (question: Question) => void }) {
  if (rows.length === 0)
    return (
      <Empty
        title="Nobody has a key yet"
        hint="Make one here, or on the command line."
        command="npx gateward keys create --consumer acme"
      />
    )
  return (
    <Table
      caption="API keys, the newest first"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Consumer',
          cell: ({ consumer, label }) => (
            <>
              <Link href={`/requests?consumer=${encodeURIComponent(consumer)}`}>{consumer}</Link>{' '}
              <span className="quiet-text">{label}</span>
            </>
          ),
        },
        { title: 'Key', cell: ({ display }) => <code>{display}</code> },
        { title: 'Tier', cell: ({ tier }) => tier ?? 'default' },
        { title: 'Scopes', cell: ({ scopes }) => scopes.join(' ') || '–' },
        { title: 'State', cell: (key) => <State {...key} /> },
        {
          title: 'What to do',
          cell: (key) =>
            key.state === 'active' && (
              <span className="actions">
                <button onClick={() => ask({ kind: 'rotate', key })}>
                  Rotate <span className="hidden">{key.display}</span>
                </button>
                <button onClick={() => ask({ kind: 'revoke', key })}>
                  Revoke <span className="hidden">{key.display}</span>
                </button>
              </span>
            ),
        },
      ]}
    />
  )
}

function State({ state, expiresAt }: Key) {
  if (state !== 'active') return <span className="quiet-text">{state}</span>
  const isSoon = Date.parse(expiresAt) - Date.now() < 14 * 86_400_000
  return (
    <span className={isSoon ? 'amber' : undefined} title={formatMoment(expiresAt)}>
      {isSoon ? '⚠ ' : ''}ends {formatDistance(expiresAt)}
    </span>
  )
}

interface Asking {
  readonly close: () => void
}

function NewKey({ close }: Asking) {
  const create = useChange('createKey')
  const limits = useAdmin('getLimits')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { consumer = '', label, tier, scopes, days, reason } = readForm(event.currentTarget)
    create.mutate({
      body: {
        consumer,
        days: Number(days),
        ...(label === undefined ? {} : { label }),
        ...(tier === undefined ? {} : { tier }),
        ...(reason === undefined ? {} : { reason }),
        ...(scopes === undefined ? {} : { scopes: scopes.split(/[\s,]+/) }),
      },
    })
  }
  if (create.isSuccess) return <ShownOnce secret={create.data.value.key} close={close} />
  return (
    <Dialog title="New API key" close={close}>
      <form onSubmit={submit}>
        <Field
          label="Consumer"
          name="consumer"
          required
          maxLength={128}
          hint="Who calls: a customer, a service."
        />
        <Field label="Label" name="label" maxLength={200} />
        <div className="field">
          <label htmlFor="tier">Tier</label>
          <select id="tier" name="tier">
            <option value="">default</option>
            {limits.data?.tiers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <Field label="Scopes" name="scopes" hint="With spaces between them: orders:read orders:write" />
        <Field
          label="Days that it lives"
          name="days"
          type="number"
          min={1}
          max={366}
          defaultValue={90}
          required
        />
        <Field label="Why" name="reason" maxLength={500} hint="For the audit log." />
        {create.isError && <Failure error={create.error} />}
        <button disabled={create.isPending}>Make the key</button>
      </form>
    </Dialog>
  )
}

function RotateKey({ subject, close }: Asking & { readonly subject: Key }) {
  const rotate = useChange('rotateKey')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { days, overlap, reason } = readForm(event.currentTarget)
    rotate.mutate({
      path: { id: subject.id },
      body: {
        days: Number(days),
        overlapHours: Number(overlap),
        ...(reason === undefined ? {} : { reason }),
      },
    })
  }
  if (rotate.isSuccess) return <ShownOnce secret={rotate.data.value.key} close={close} />
  return (
    <Dialog title={`Rotate ${subject.display}`} close={close}>
      <form onSubmit={submit}>
        <Field
          label="Days that the new key lives"
          name="days"
          type="number"
          min={1}
          max={366}
          defaultValue={90}
          required
        />
        <Field
          label="Hours that the old one still works"
          name="overlap"
          type="number"
          min={0}
          max={2160}
          defaultValue={24}
          required
        />
        <Field label="Why" name="reason" maxLength={500} hint="For the audit log." />
        {rotate.isError && <Failure error={rotate.error} />}
        <button disabled={rotate.isPending}>Make the new key</button>
      </form>
    </Dialog>
  )
}

function RevokeKey({ subject, close }: Asking & { readonly subject: Key }) {
  const revoke = useChange('revokeKey')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { reason } = readForm(event.currentTarget)
    revoke.mutate(
      { path: { id: subject.id }, body: reason === undefined ? {} : { reason } },
      { onSuccess: close },
    )
  }
  return (
    <Dialog title={`Revoke ${subject.display}`} close={close}>
      <form onSubmit={submit}>
        <p>
          The key of <strong>{subject.consumer}</strong> ends at once, and for ever.
        </p>
        <Field label="Why" name="reason" maxLength={500} hint="For the audit log." />
        {revoke.isError && <Failure error={revoke.error} />}
        <button className="grave" disabled={revoke.isPending}>
          Revoke the key
        </button>
      </form>
    </Dialog>
  )
}

function ShownOnce({ secret, close }: Asking & { readonly secret: string }) {
  return (
    <Dialog title="The key, shown this once" close={close}>
      <p>Copy it now. The gateway keeps only what it needs to recognise it.</p>
      <pre className="secret">
        <code>{secret}</code>
      </pre>
      <p className="actions">
        <button onClick={() => void navigator.clipboard.writeText(secret)}>Copy</button>
        <button onClick={close}>I have it</button>
      </p>
    </Dialog>
  )
}
