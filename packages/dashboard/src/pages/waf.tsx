import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatDistance } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

/** The WAF's rules that matched in the last day, and how many there are besides. */
export function WafPage() {
  const rules = useAdmin('listWafRules', {}, { every: 10_000 })
  return (
    <>
      <PageTitle aside={<Link href="/requests?guard=waf">What it refused</Link>}>WAF</PageTitle>
      <Asked query={rules} what="rules">
        {({ rules: all, mode }) => {
          const matched = all.filter(({ matches }) => matches > 0)
          return (
            <Panel
              title={`${formatCount(all.length)} rules, ${mode}; ${formatCount(matched.length)} matched in the last day`}
            >
              {matched.length === 0 ? (
                <Empty
                  title="No rule has matched"
                  hint="What rules would say of a request is tried without sending it."
                  command="npx gateward waf try --rules core --request request.txt"
                />
              ) : (
                <Table
                  caption="Rules by matches"
                  rows={matched.toSorted((left, right) => right.matches - left.matches)}
                  keyOf={({ id }) => String(id)}
                  columns={[
                    { title: 'Rule', cell: ({ id }) => <code>{id}</code> },
                    { title: 'Tags', cell: ({ tags }) => tags.slice(0, 4).join(', ') },
                    { title: 'Matched', isNumber: true, cell: ({ matches }) => formatCount(matches) },
                    { title: 'Refused', isNumber: true, cell: ({ refused }) => formatCount(refused) },
                    {
                      title: 'Last',
                      cell: ({ lastAt }) => (lastAt === undefined ? '–' : formatDistance(lastAt)),
                    },
                    { title: 'Written at', cell: ({ file, line }) => `${file.split('/').at(-1)}:${line}` },
                  ]}
                />
              )}
            </Panel>
          )
        }}
      </Asked>
    </>
  )
}
