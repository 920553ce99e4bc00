import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useLocation } from 'wouter'
import { callAdmin, type AdminError } from '../api/client.ts'
import { useChange } from '../api/queries.ts'
import { Field, readExact } from '../parts/field.tsx'
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
  const redeem = useChange('redeemInvitation')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { code, name: readExact(form, 'name').trim(), password: readExact(form, 'password') }
    redeem.mutate({ body }, { onSuccess: () => go('/', { replace: true }) })
  }
  return (
    <form onSubmit={submit}>
      <Field label="Name" name="name" autoComplete="username" required maxLength={100} autoFocus />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={200}
        hint="At least 12 characters. Long is better than complicated."
      />
      {redeem.isError && <Failure error={redeem.error} />}
      <button disabled={redeem.isPending}>Make the account</button>
    </form>
  )
}
