import type { FormEvent, ReactNode } from 'react'
import type { AdminError } from '../api/client.ts'
import { Dialog } from './dialog.tsx'
import { Field, readForm } from './field.tsx'
import { Failure } from './states.tsx'

/** A change that is under way, or failed. */
interface Doing {
  readonly isPending: boolean
  readonly error: AdminError | null
}

/** A question with its fields, and why: what is answered goes to `submit`, and what was refused is told where it was asked. */
export function FormDialog({
  title,
  action,
  grave = false,
  reason = 'optional',
  label = 'Why',
  hint = 'For the audit log, and whoever asks later.',
  doing,
  submit,
  close,
  children,
}: {
  readonly title: string
  /** What the button says. */
  readonly action: string
  /** It cannot be undone. */
  readonly grave?: boolean
  /** Whether it has to be said why. */
  readonly reason?: 'optional' | 'required'
  /** What stands at the reason where it is no answer to "why". */
  readonly label?: string
  readonly hint?: string
  readonly doing: Doing
  /** Text fields by name, without spaces around them; empty ones are left out. */
  readonly submit: (said: Readonly<Record<string, string>>) => void
  readonly close: () => void
  readonly children?: ReactNode
}) {
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    submit(readForm(event.currentTarget))
  }
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={send}>
        {children}
        <Field label={label} name="reason" maxLength={500} required={reason === 'required'} hint={hint} />
        {doing.error !== null && <Failure error={doing.error} />}
        <p className="actions">
          <button className={grave ? 'grave' : 'primary'} disabled={doing.isPending}>
            {action}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  )
}

/** The reason as bodies of changes take it: left out where none was given. */
export function because({ reason }: Readonly<Record<string, string>>): { readonly reason?: string } {
  return reason === undefined ? {} : { reason }
}
