import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatShare } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

/** The tiers, and who is near a limit. */
export function LimitsPage() {
  const limits = useAdmin('getLimits', {}, { every: 3_000 })
  return (
    <>
      <PageTitle>Limits</PageTitle>
      <Asked query={limits} what="limits">
        {({ tiers, uses }) => (
          <>
            <Panel title="Who is near one">
              {uses.length === 0 ? (
                <Empty
                  title="Nobody has used any of a limit"
                  hint="Whoever calls stands here with what is left."
                />
              ) : (
                <Table
                  caption="Use of limits, the fullest first"
                  rows={uses}
                  keyOf={({ policy, key }) => `${policy} ${key}`}
                  columns={[
                    {
                      title: 'Who',
                      cell: ({ key }) => (
                        <Link href={`/requests?search=${encodeURIComponent(key)}`}>{key}</Link>
                      ),
                    },
                    { title: 'Limit', cell: ({ policy }) => policy },
                    {
                      title: 'Used',
                      cell: ({ used }) => (
                        <span className={used >= 0.9 ? 'amber' : undefined}>
                          <meter min={0} max={1} high={0.9} value={used} aria-label={formatShare(used, 1)} />{' '}
                          {formatShare(used, 1)}
                        </span>
                      ),
                    },
                    { title: 'Left', isNumber: true, cell: ({ remaining }) => formatCount(remaining) },
                    { title: 'Of', isNumber: true, cell: ({ limit }) => formatCount(limit) },
                  ]}
                />
              )}
            </Panel>
            <Panel title="Tiers">
              <Table
                caption="Tiers"
                rows={tiers}
                keyOf={({ name }) => name}
                columns={[
                  { title: 'Tier', cell: ({ name }) => name },
                  {
                    title: 'Limits',
                    cell: ({ policies }) =>
                      policies
                        .map(
                          ({ limit, windowSeconds }) =>
                            `${formatCount(limit)} in ${formatWindow(windowSeconds)}`,
                        )
                        .join(', '),
                  },
                  { title: 'At once', isNumber: true, cell: ({ concurrency }) => concurrency ?? '–' },
                ]}
              />
            </Panel>
          </>
        )}
      </Asked>
    </>
  )
}

function formatWindow(seconds: number): string {
  const [name, size] = (
    [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const
  ).find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1]
  const count = seconds / size
  return count === 1 ? `a ${name}`.replace('a hour', 'an hour') : `${formatCount(count)} ${name}s`
}
