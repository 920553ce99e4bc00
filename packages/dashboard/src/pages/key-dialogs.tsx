import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin, useChange } from '../api/queries.ts'
import { Field, Select } from '../parts/field.tsx'
import { because, FormDialog } from '../parts/form-dialog.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'

type Key = AdminAnswer<'listKeys'>['keys'][number]

/** What is to be done with keys. */
export type KeyQuestion =
  { readonly kind: 'create' } | { readonly kind: 'rotate' | 'revoke'; readonly subject: Key }

interface Asking {
  readonly close: () => void
}

/** Asks what is needed for it, does it, and shows a new key this once. */
export function KeyDialog({ question, close }: Asking & { readonly question: KeyQuestion }) {
  if (question.kind === 'create') return <NewKey close={close} />
  const { kind, subject } = question
  return kind === 'rotate' ? (
    <RotateKey subject={subject} close={close} />
  ) : (
    <RevokeKey subject={subject} close={close} />
  )
}

function NewKey({ close }: Asking) {
  const create = useChange('createKey')
  const limits = useAdmin('getLimits')
  const submit = ({ consumer = '', label, tier, scopes, days, ...rest }: Said): void =>
    create.mutate({
      body: {
        consumer,
        days: Number(days),
        ...(label === undefined ? {} : { label }),
        ...(tier === undefined ? {} : { tier }),
        ...(scopes === undefined ? {} : { scopes: scopes.split(/[\s,]+/) }),
        ...because(rest),
      },
    })
  if (create.isSuccess) return <ShownOnce what="key" secret={create.data.value.key} close={close} />
  const tiers = (limits.data?.tiers ?? []).map(({ name }) => name)
  return (
    <FormDialog title="New API key" action="Make the key" doing={create} submit={submit} close={close}>
      <Field
        label="Consumer"
        name="consumer"
        required
        maxLength={128}
        hint="Who calls: a customer, a service."
      />
      <Field label="Label" name="label" maxLength={200} hint="What people call it." />
      <Select label="Tier" name="tier" options={tiers} none="default" />
      <Field label="Scopes" name="scopes" hint="With spaces between them: orders:read orders:write" />
      <Days label="Days that it lives" />
    </FormDialog>
  )
}

type Said = Readonly<Record<string, string>>

function RotateKey({ subject, close }: Asking & { readonly subject: Key }) {
  const rotate = useChange('rotateKey')
  const submit = ({ days, overlap, ...rest }: Said): void =>
    rotate.mutate({
      path: { id: subject.id },
      body: { days: Number(days), overlapHours: Number(overlap), ...because(rest) },
    })
  if (rotate.isSuccess) return <ShownOnce what="key" secret={rotate.data.value.key} close={close} />
  return (
    <FormDialog
      title={`Rotate ${subject.display}`}
      action="Make the new key"
      doing={rotate}
      submit={submit}
      close={close}
    >
      <Days label="Days that the new key lives" />
      <Field
        label="Hours that the old one still works"
        name="overlap"
        type="number"
        min={0}
        max={2160}
        defaultValue={24}
        required
      />
    </FormDialog>
  )
}

function RevokeKey({ subject, close }: Asking & { readonly subject: Key }) {
  const revoke = useChange('revokeKey')
  const submit = (said: Said): void =>
    revoke.mutate({ path: { id: subject.id }, body: because(said) }, { onSuccess: close })
  return (
    <FormDialog
      title={`Revoke ${subject.display}`}
      action="Revoke the key"
      grave
      doing={revoke}
      submit={submit}
      close={close}
    >
      <p>
        The key of <strong>{subject.consumer}</strong> ends at once, and for ever.
      </p>
    </FormDialog>
  )
}

function Days({ label }: { readonly label: string }) {
  return <Field label={label} name="days" type="number" min={1} max={366} defaultValue={90} required />
}
