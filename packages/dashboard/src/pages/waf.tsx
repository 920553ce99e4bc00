import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Rules = AdminAnswer<'listWafRules'>

/** The WAF's rules that matched in the last day, and how many there are besides. */
export function WafPage() {
  const rules = useAdmin('listWafRules', {}, { every: 10_000 })
  return (
    <>
      <PageTitle
        aside={
          <span className="actions">
            <RequestsLink filter={{ guard: 'waf' }}>What it refused</RequestsLink>
            <Link href="/waf/tuning" className="button">
              Tuning
            </Link>
          </span>
        }
      >
        WAF
      </PageTitle>
      <Asked query={rules} what="rules">
        {(value) => <RulesPanel {...value} />}
      </Asked>
    </>
  )
}

function RulesPanel({ rules, mode, since }: Rules) {
  const matched = rules.filter(({ matches }) => matches > 0)
  return (
    <Panel
      title="Rules that matched in the last day"
      aside={
        <span className="quiet-text">
          {formatCount(matched.length)} of {formatCount(rules.length)} rules · {mode}
        </span>
      }
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
            {
              title: 'Matched',
              isNumber: true,
              cell: ({ id, matches }) => (
                <RequestsLink filter={{ rule: id, since }}>{formatCount(matches)}</RequestsLink>
              ),
            },
            {
              title: 'Refused',
              isNumber: true,
              cell: ({ id, refused }) => (
                <RequestsLink filter={{ rule: id, since, outcome: 'refused' }}>
                  {formatCount(refused)}
                </RequestsLink>
              ),
            },
            {
              title: 'Last',
              cell: ({ lastAt }) =>
                lastAt === undefined ? (
                  '–'
                ) : (
                  <span title={formatMoment(lastAt)}>{formatDistance(lastAt)}</span>
                ),
            },
            { title: 'Written at', cell: ({ file, line }) => `${file.split('/').at(-1)}:${line}` },
          ]}
        />
      )}
    </Panel>
  )
}
