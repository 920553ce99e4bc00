import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import { callAdmin, type AdminError } from '../api/client.ts'
import { makePasskey } from '../api/passkey.ts'
import { queries } from '../api/queries.ts'
import { Field, NewPassword, readExact } from '../parts/field.tsx'
import { formatDistance } from '../parts/format.ts'
import { Asked, Failure } from '../parts/states.tsx'

/** Where a one-time link leads: it makes one account, and is worth nothing afterwards. */
export function WelcomePage({ code }: { readonly code: string }) {
  const invitation = useQuery<{ role: string; expiresAt: string }, AdminError>({
    queryKey: ['checkInvitation', code],
    queryFn: async () => (await callAdmin('checkInvitation', { body: { code } })).value,
    retry: false,
    staleTime: Infinity,
  })
  return (
    <main className="gate">
      <h1>
        <img src="/mark.svg" alt="" width="28" height="28" /> Welcome to Gateward
      </h1>
      <Asked query={invitation} what="the link">
        {({ role, expiresAt }) => (
          <>
            <p>
              Make your account with the role <strong>{role}</strong>. The link ends{' '}
              {formatDistance(expiresAt)}.
            </p>
            <NewAccount code={code} />
          </>
        )}
      </Asked>
    </main>
  )
}

function NewAccount({ code }: { readonly code: string }) {
  const [, go] = useLocation()
  const [byPassword, setByPassword] = useState(true)
  const redeem = useMutation<void, AdminError, Order>({
    mutationFn: (order) => redeemWith(code, order),
    onSuccess: async () => {
      await queries.invalidateQueries()
      go('/', { replace: true })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const name = readExact(form, 'name').trim()
    redeem.mutate(byPassword ? { name, password: readExact(form, 'password') } : { name })
  }
  return (
    <form onSubmit={submit}>
      <Field label="Name" name="name" autoComplete="username" required maxLength={100} autoFocus />
      {byPassword ? (
        <NewPassword label="Password" name="password" />
      ) : (
        <p className="hint">
          The passkey of this device logs you in, and gives nothing away to a page that only looks like this
          one.
        </p>
      )}
      {redeem.isError && <Failure error={redeem.error} />}
      <p className="actions">
        <button className="primary" disabled={redeem.isPending}>
          {byPassword ? 'Make the account' : 'Make the account with a passkey'}
        </button>
        <button type="button" className="quiet" onClick={() => setByPassword(!byPassword)}>
          {byPassword ? 'Use a passkey instead' : 'Use a password instead'}
        </button>
      </p>
    </form>
  )
}

/** Without a password: by a passkey of this device. */
interface Order {
  readonly name: string
  readonly password?: string
}

async function redeemWith(code: string, { name, password }: Order): Promise<void> {
  if (password !== undefined) await callAdmin('redeemInvitation', { body: { code, name, password } })
  else {
    const { value } = await callAdmin('beginInvitationPasskey', { body: { code, name } })
    const passkey = await makePasskey(value)
    await callAdmin('redeemInvitation', { body: { code, name, passkey } })
  }
}
