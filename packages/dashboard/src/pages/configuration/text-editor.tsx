import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useRef, type Ref } from 'react'

type Mark = Pick<AdminAnswer<'checkConfiguration'>['diagnostics'][number], 'severity' | 'position'>

/** A text with the numbers of its lines, and marks at those that something is said of. */
export function TextEditor({
  label,
  value,
  change,
  marks,
  ref,
}: {
  readonly label: string
  readonly value: string
  readonly change: (text: string) => void
  readonly marks: readonly Mark[]
  readonly ref: Ref<HTMLTextAreaElement>
}) {
  const gutter = useRef<HTMLDivElement>(null)
  const lines = value.split('\n').length
  const severities = new Map(marks.map(({ position, severity }) => [position?.line, severity]))
  return (
    <div className="text-editor">
      <div ref={gutter} className="gutter" aria-hidden="true">
        {Array.from({ length: lines }, (_, at) => at + 1).map((line) => (
          <span key={line} className={severities.get(line)}>
            {line}
          </span>
        ))}
      </div>
      <textarea
        ref={ref}
        aria-label={label}
        value={value}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        rows={Math.min(Math.max(lines + 1, 12), 30)}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop
        }}
      />
    </div>
  )
}
