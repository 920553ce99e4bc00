import type { AdminQuery } from '@gateward/gateway/admin-contract'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** What narrows recorded requests down. */
export type RequestFilter = Omit<NonNullable<AdminQuery<'listExchanges'>>, 'limit' | 'cursor'>

/** A link to the recorded requests that a number or a name stands for. */
export function RequestsLink({
  filter,
  children,
  className,
}: {
  readonly filter: RequestFilter
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <Link href={toRequests(filter)} {...(className === undefined ? {} : { className })}>
      {children}
    </Link>
  )
}

/** The address of the page with these requests. */
export function toRequests(filter: RequestFilter): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '/requests' : `/requests?${search}`
}
