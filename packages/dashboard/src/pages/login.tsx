import type { FormEvent } from 'react'
import { useChange } from '../api/queries.ts'
import { Field, readExact } from '../parts/field.tsx'
import { Failure } from '../parts/states.tsx'
import { PasskeyLogin } from './passkey-login.tsx'
import { SingleSignOn } from './single-sign-on.tsx'

/** Name and password, a passkey, or an OpenID provider; the gateway says no more of a mistake than that there is one. */
export function LoginPage() {
  const logIn = useChange('logIn')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    logIn.mutate({ body: { name: readExact(form, 'name').trim(), password: readExact(form, 'password') } })
  }
  return (
    <main className="gate">
      <h1>
        <img src="/mark.svg" alt="" width="28" height="28" /> Gateward
      </h1>
      <form onSubmit={submit}>
        <Field label="Name" name="name" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {logIn.isError && <Failure error={logIn.error} />}
        <button disabled={logIn.isPending}>Log in</button>
        <SingleSignOn />
      </form>
      <PasskeyLogin />
      <p className="hint">
        No account yet? On the machine of the gateway: <code>npx gateward admin invite</code>
      </p>
    </main>
  )
}
