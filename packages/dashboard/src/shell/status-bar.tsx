import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatDistance } from '../parts/format.ts'

/** Which configuration runs, since when, and what is not as it should be. */
export function StatusBar() {
  const { data, isError } = useAdmin('getStatus', {}, { every: 10_000 })
  if (isError)
    return (
      <p className="status danger" role="alert">
        ⚠ The gateway cannot be reached
      </p>
    )
  if (data === undefined) return <p className="status" />
  const { configuration, notEnforced, unready, version } = data
  return (
    <p className="status">
      <span>gateward {version}</span>
      <Link href="/configuration">
        configuration <code>{configuration.hash}</code> {formatDistance(configuration.loadedAt)}
      </Link>
      {configuration.refused !== undefined && (
        <Link href="/configuration" className="danger">
          ⚠ a newer one was refused
        </Link>
      )}
      {unready.map((reason) => (
        <span key={reason} className="danger">
          ⚠ {reason}
        </span>
      ))}
      {notEnforced.map(({ guard, mode, api }) => (
        <Link
          key={`${guard} ${api ?? ''} ${mode}`}
          href="/apis"
          className={mode === 'shadow' ? 'amber' : 'danger'}
        >
          {mode === 'shadow' ? '◐' : '○'} {guard} {mode}
          {api === undefined ? '' : ` in ${api}`}
        </Link>
      ))}
    </p>
  )
}
