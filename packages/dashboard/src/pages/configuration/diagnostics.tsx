import type { AdminAnswer } from '@gateward/gateway/admin-contract'

type Diagnostic = AdminAnswer<'checkConfiguration'>['diagnostics'][number]

/** What is wrong with a text and what to write instead; each leads to its line. */
export function Diagnostics({
  file,
  rows,
  go,
}: {
  /** The file that is edited; others are named alone. */
  readonly file: string
  readonly rows: readonly Diagnostic[]
  readonly go: (line: number) => void
}) {
  if (rows.length === 0) return null
  return (
    <ul className="diagnostics" aria-label="Diagnostics">
      {rows.map(({ code, severity, message, fix, position }) => (
        <li key={`${code} ${message} ${position?.line} ${position?.column}`} className={severity}>
          <span className={severity === 'error' ? 'badge danger' : 'badge amber'}>
            {severity === 'error' ? '!' : '⚠'} {severity}
          </span>
          <span>
            {message}
            {fix !== undefined && <span className="quiet-text"> {fix}</span>}
          </span>
          {position !== undefined && <Where position={position} isEdited={position.file === file} go={go} />}
        </li>
      ))}
    </ul>
  )
}

function Where({
  position: { file, line },
  isEdited,
  go,
}: {
  readonly position: NonNullable<Diagnostic['position']>
  readonly isEdited: boolean
  readonly go: (line: number) => void
}) {
  const place = `${file.split('/').at(-1)}:${line}`
  if (!isEdited) return <span className="quiet-text">{place}</span>
  return (
    <button className="quiet" onClick={() => go(line)}>
      {place}
    </button>
  )
}
