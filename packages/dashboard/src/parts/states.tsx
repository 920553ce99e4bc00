import type { ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { AdminError } from '../api/client.ts'
import { Text } from './text.tsx'

/** While something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="state" role="status">
      Loading {what} …
    </p>
  )
}

/** Where there is nothing yet: how it gets here, in one command where there is one. */
export function Empty({
  title,
  hint,
  command,
}: {
  readonly title: string
  readonly hint: string
  readonly command?: string
}) {
  return (
    <div className="state">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{hint}</p>
      {command !== undefined && <Text label={`What to write: ${title}`}>{command}</Text>}
    </div>
  )
}

/** What went wrong, and how to try again. */
export function Failure({ error, retry }: { readonly error: AdminError; readonly retry?: () => void }) {
  return (
    <div className="state failure" role="alert">
      <p>
        <strong>{error.message}</strong>
      </p>
      {error.requestId !== undefined && <p>Request {error.requestId}</p>}
      {retry !== undefined && <button onClick={retry}>Try again</button>}
    </div>
  )
}

/** The three states of what is asked: on its way, failed, there. */
export function Asked<Value>({
  query,
  what,
  children,
}: {
  readonly query: UseQueryResult<Value, AdminError>
  readonly what: string
  readonly children: (value: Value) => ReactNode
}) {
  if (query.isPending) return <Loading what={what} />
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return children(query.data)
}
