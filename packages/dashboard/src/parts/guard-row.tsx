import type { ReactNode } from 'react'

/** How one guard stands: in a request's story, in the configuration, or in the traffic. */
export interface GuardCell {
  readonly guard: string
  readonly state: 'passed' | 'refused' | 'answered' | 'failed' | 'shadow' | 'never-asked' | 'enforce' | 'off'
  /** In the place of the state's own word. */
  readonly word?: string
  readonly detail?: ReactNode
}

const marks: Readonly<Record<GuardCell['state'], string>> = {
  passed: '✓',
  refused: '╳',
  answered: '↩',
  failed: '!',
  shadow: '◐',
  'never-asked': '·',
  enforce: '●',
  off: '○',
}

const words: Readonly<Record<GuardCell['state'], string>> = {
  passed: 'passed',
  refused: 'refused',
  answered: 'answered',
  failed: 'broke',
  shadow: 'shadow',
  'never-asked': 'never asked',
  enforce: 'enforce',
  off: 'off',
}

/** The row of guards, from the gate to the upstream: the one picture that returns on every page. */
export function GuardRow({ cells, end }: { readonly cells: readonly GuardCell[]; readonly end?: GuardCell }) {
  return (
    <ol className="guard-row" aria-label="Guards, from the gate to the upstream">
      {cells.map((cell) => (
        <Cell key={cell.guard} {...cell} />
      ))}
      {end !== undefined && <Cell {...end} />}
    </ol>
  )
}

function Cell({ guard, state, word = words[state], detail }: GuardCell) {
  return (
    <li className={`cell ${state}`}>
      <span className="guard">{guard}</span>
      <span className="state-word">
        <span aria-hidden="true">{marks[state]}</span> {word}
      </span>
      {detail}
    </li>
  )
}
