import type { AdminAnswer } from '@gateward/gateway/admin-contract'

type Exchange = AdminAnswer<'listExchanges'>['exchanges'][number]

/** The status with what it means: a mark as well as a colour. */
export function Status({ status, code, refusedBy }: Pick<Exchange, 'status' | 'code' | 'refusedBy'>) {
  const isFailure = status >= 500 || status === 0
  const mark = isFailure ? '!' : code === undefined ? '✓' : '╳'
  return (
    <span className="status-mark">
      <span className={isFailure ? 'badge danger' : code === undefined ? 'badge' : 'badge accent'}>
        <span aria-hidden="true">{mark}</span> {status}
      </span>{' '}
      {code ?? ''}
      {refusedBy !== undefined && <span className="quiet-text"> {refusedBy}</span>}
    </span>
  )
}
