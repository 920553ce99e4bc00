import type { FormEvent } from 'react'
import { useLocation } from 'wouter'
import { readForm } from '../parts/field.tsx'

/** Finds requests by what somebody has in hand: a request id, a key, an address or an operation. */
export function Search() {
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { search = '' } = readForm(event.currentTarget)
    event.currentTarget.reset()
    if (requestId.test(search)) go(`/requests/${search}`)
    else go(`/requests?search=${encodeURIComponent(search)}`)
  }
  return (
    <form role="search" onSubmit={submit}>
      <input
        name="search"
        type="search"
        aria-label="Search requests"
        placeholder="Request id, key, address, operation"
        maxLength={200}
      />
    </form>
  )
}

// As the gateway makes them: a ULID (26 characters of Crockford's base 32).
const requestId = /^[0-9A-HJKMNP-TV-Z]{26}$/
