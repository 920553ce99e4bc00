import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { formatCountry } from '../../parts/country.ts'
import { formatCount, formatDistance, formatMoment } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Threats = AdminAnswer<'getThreats'>

/** Address blocks with most refusals. */
export function BlocksPanel({ blocks, searchedDownTo: since }: Threats) {
  return (
    <Panel title="Address blocks">
      {blocks.length === 0 ? (
        <Empty title="Nobody was refused" hint="Blocks from which requests are refused stand here." />
      ) : (
        <Table
          caption="Address blocks with most refusals"
          rows={blocks.slice(0, 12)}
          keyOf={({ name }) => name}
          columns={[
            { title: 'Block', cell: ({ name }) => <code>{name}</code> },
            {
              title: 'Country',
              cell: ({ country }) => (country === undefined ? '–' : formatCountry(country)),
            },
            { title: 'Addresses', isNumber: true, cell: ({ addresses }) => formatCount(addresses) },
            {
              title: 'Refused',
              isNumber: true,
              cell: ({ name, refused }) => (
                <RequestsLink filter={{ client: name, outcome: 'refused', since }}>
                  {formatCount(refused)}
                </RequestsLink>
              ),
            },
            {
              title: 'By the WAF',
              isNumber: true,
              cell: ({ name, waf }) =>
                waf === 0 ? (
                  0
                ) : (
                  <RequestsLink filter={{ client: name, guard: 'waf', since }}>
                    {formatCount(waf)}
                  </RequestsLink>
                ),
            },
            { title: 'Last', cell: ({ lastAt }) => <When at={lastAt} /> },
          ]}
        />
      )}
    </Panel>
  )
}

/** Autonomous systems with most refusals. */
export function SystemsPanel({ systems }: Threats) {
  return (
    <Panel title="Networks">
      {systems.length === 0 ? (
        <Empty
          title="No network is known"
          hint="The registry data that comes with the gateway tells countries. An MMDB file tells autonomous systems, too:"
          command="geography: { asn: ./asn.mmdb }"
        />
      ) : (
        <Table
          caption="Autonomous systems with most refusals"
          rows={systems.slice(0, 12)}
          keyOf={({ name }) => name}
          columns={[
            { title: 'System', cell: ({ name }) => name },
            { title: 'Addresses', isNumber: true, cell: ({ addresses }) => formatCount(addresses) },
            { title: 'Refused', isNumber: true, cell: ({ refused }) => formatCount(refused) },
            { title: 'By the WAF', isNumber: true, cell: ({ waf }) => formatCount(waf) },
            { title: 'Last', cell: ({ lastAt }) => <When at={lastAt} /> },
          ]}
        />
      )}
    </Panel>
  )
}

/** The WAF's rules that matched most. */
export function RulesPanel({ rules, searchedDownTo: since }: Threats) {
  return (
    <Panel title="Rules of the WAF">
      {rules.length === 0 ? (
        <Empty title="No rule has refused anything" hint="Rules that match attacks stand here." />
      ) : (
        <Table
          caption="Rules that matched most"
          rows={rules.slice(0, 12)}
          keyOf={({ id }) => String(id)}
          columns={[
            { title: 'Rule', cell: ({ id }) => <code>{id}</code> },
            { title: 'What it found', cell: ({ message }) => message ?? '–' },
            { title: 'Addresses', isNumber: true, cell: ({ addresses }) => formatCount(addresses) },
            {
              title: 'Matched',
              isNumber: true,
              cell: ({ id, matches }) => (
                <RequestsLink filter={{ rule: id, guard: 'waf', since }}>{formatCount(matches)}</RequestsLink>
              ),
            },
            { title: 'Last', cell: ({ lastAt }) => <When at={lastAt} /> },
          ]}
        />
      )}
    </Panel>
  )
}

function When({ at }: { readonly at: string }) {
  return (
    <span className="nowrap" title={formatMoment(at)}>
      {formatDistance(at)}
    </span>
  )
}
