import { formatCompact } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink, type RequestFilter } from '../../parts/requests-link.tsx'
import { Table } from '../../parts/table.tsx'
import { formatCountry } from '../../parts/country.ts'
import type { TimeRange } from '../../parts/time-range.tsx'
import type { Overview } from './overview.ts'

interface NamesProps {
  readonly title: string
  readonly rows: Overview['operations']
  readonly by: 'operation' | 'consumer' | 'client' | 'country'
  readonly range: TimeRange
}

/** The names with most requests; nothing where there is none. */
export function NamesPanel({ title, rows, by, range }: NamesProps) {
  if (rows.length === 0) return null
  const filter = (name: string): RequestFilter => ({ ...toFilter(by, name), since: range.from })
  return (
    <Panel title={title}>
      <Table
        caption={`${title} with most requests ${range.words}`}
        rows={rows.slice(0, 8)}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Name',
            cell: ({ name }) =>
              isMany(name) ? (
                <Many name={name} />
              ) : (
                <span>{by === 'country' ? formatCountry(name) : name}</span>
              ),
          },
          {
            title: 'Requests',
            isNumber: true,
            cell: ({ name, requests }) =>
              isMany(name) ? (
                formatCompact(requests)
              ) : (
                <RequestsLink filter={filter(name)}>{formatCompact(requests)}</RequestsLink>
              ),
          },
          {
            title: 'Refused',
            isNumber: true,
            cell: ({ name, refused }) =>
              isMany(name) || refused === 0 ? (
                formatCompact(refused)
              ) : (
                <RequestsLink filter={{ ...filter(name), outcome: 'refused' }}>
                  {formatCompact(refused)}
                </RequestsLink>
              ),
          },
        ]}
      />
    </Panel>
  )
}

/** An operation comes with its API before it. */
function toFilter(by: NamesProps['by'], name: string): RequestFilter {
  if (by !== 'operation') return { [by]: name }
  const space = name.indexOf(' ')
  return { api: name.slice(0, space), operation: name.slice(space + 1) }
}

function isMany(name: string): boolean {
  return name === '(other)' || name === ''
}

function Many({ name }: { readonly name: string }) {
  return <span className="quiet-text">{name === '' ? '(none)' : 'all others'}</span>
}
