import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Text } from '../../parts/text.tsx'

type Diff = AdminAnswer<'getConfigurationVersion'>['diff']

const signs = { same: ' ', added: '+', removed: '-' } as const

/** Lines that are shown around a change. */
const context = 3

/** What was added and taken away, by sign as well as by colour, with the lines around it. */
export function DiffText({ diff }: { readonly diff: Diff }) {
  if (diff.every(({ kind }) => kind === 'same')) return <p>Nothing that stands in the file changes.</p>
  return (
    <Text label="Difference">
      {diff.map(({ kind, lines }, at) => (
        // Parts never move: the place is the key.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className={kind}>
          {kind === 'same'
            ? shorten(lines, at === 0, at === diff.length - 1)
            : lines.map((line) => `${signs[kind]} ${line}\n`).join('')}
        </span>
      ))}
    </Text>
  )
}

function shorten(lines: readonly string[], isFirst: boolean, isLast: boolean): string {
  const head = isFirst ? 0 : context
  const tail = isLast ? 0 : context
  const left = lines.length - head - tail
  const shown =
    left <= 1
      ? lines
      : [...lines.slice(0, head), `… ${left} lines`, ...(tail === 0 ? [] : lines.slice(-tail))]
  return shown.map((line) => `  ${line}\n`).join('')
}
