import { useState, type FormEvent } from 'react'
import { useChange } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, NewPassword, readExact } from '../../parts/field.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Failure } from '../../parts/states.tsx'

/** Another password for the own account. */
export function PasswordPanel() {
  const [isChanging, setChanging] = useState(false)
  const change = useChange('changePassword')
  return (
    <Panel title="Password" aside={<button onClick={() => setChanging(true)}>Change the password</button>}>
      <p role="status">
        {change.isSuccess
          ? '✓ It is changed, and every other session has ended.'
          : 'Once it is changed, every other session of yours ends.'}
      </p>
      {isChanging && <Change change={change} close={() => setChanging(false)} />}
    </Panel>
  )
}

function Change({
  change,
  close,
}: {
  readonly change: ReturnType<typeof useChange<'changePassword'>>
  readonly close: () => void
}) {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const current = readExact(form, 'current')
    const next = readExact(form, 'next')
    change.mutate({ body: current === '' ? { next } : { current, next } }, { onSuccess: close })
  }
  return (
    <Dialog title="Change the password" close={close}>
      <form onSubmit={submit}>
        <Field
          label="Password now"
          name="current"
          type="password"
          autoComplete="current-password"
          maxLength={200}
          hint="Leave it empty where you have none yet."
        />
        <NewPassword label="New password" name="next" />
        {change.isError && <Failure error={change.error} />}
        <button disabled={change.isPending}>Change it</button>
      </form>
    </Dialog>
  )
}
