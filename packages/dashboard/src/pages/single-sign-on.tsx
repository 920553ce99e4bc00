import { useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { useAdmin, useChange } from '../api/queries.ts'
import { Failure, Loading } from '../parts/states.tsx'

// Of this tab alone: an answer of the provider that another browser asked for finds nothing here.
const flowKey = 'gateward-oidc-flow'

/** The way to the OpenID provider, where one is set up. */
export function SingleSignOn() {
  const ways = useAdmin('getLogInWays', {}, { retry: false })
  const begin = useChange('beginOidcLogin')
  const label = ways.data?.oidc?.label
  if (label === undefined) return null
  // The page asks once more who is logged in, and is another one then: what follows hangs on the promise.
  const leave = (): void =>
    void begin.mutateAsync({}).then(
      ({ value: { flow, url } }) => {
        sessionStorage.setItem(flowKey, flow)
        location.assign(url)
      },
      () => {},
    )
  return (
    <>
      {begin.isError && <Failure error={begin.error} />}
      <button type="button" className="quiet" disabled={begin.isPending} onClick={leave}>
        Log in with {label}
      </button>
    </>
  )
}

/** Where the provider sends the browser back to. */
export function SingleSignOnReturn() {
  const [, go] = useLocation()
  const logIn = useChange('logInWithOidc')
  const isAsked = useRef(false)
  useEffect(() => {
    // The provider's code is good once, and React may run an effect twice.
    if (isAsked.current) return
    isAsked.current = true
    const flow = sessionStorage.getItem(flowKey) ?? 'none'
    sessionStorage.removeItem(flowKey)
    logIn.mutate(
      { body: { flow, parameters: location.search } },
      { onSuccess: () => go('/', { replace: true }) },
    )
  })
  if (!logIn.isError) return <Loading what="who you are" />
  return (
    <main className="gate">
      <h1>
        <img src="/mark.svg" alt="" width="28" height="28" /> Gateward
      </h1>
      <Failure error={logIn.error} />
      <p>
        <Link href="/">Log in again</Link>
      </p>
    </main>
  )
}
