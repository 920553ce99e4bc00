import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin } from '../../api/queries.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { formatCount, formatShare } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Asked, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'

type Findings = AdminAnswer<'listDiscoveryFindings'>
type Finding = Findings['findings'][number]

/** What samples of traffic say of fields that no contract classifies, with the line that would. */
export function FindingsPanel() {
  const findings = useAdmin('listDiscoveryFindings', {}, { every: 15_000 })
  return (
    <Panel
      title="Found in traffic, and not declared"
      aside={findings.data !== undefined && <span className="quiet-text">{describe(findings.data)}</span>}
    >
      <Asked query={findings} what="findings">
        {(found) => (found.findings.length === 0 ? <Nothing {...found} /> : <Rows rows={found.findings} />)}
      </Asked>
    </Panel>
  )
}

function Nothing({ discovery }: Findings) {
  return discovery === 'off' ? (
    <Empty
      title="Traffic is not sampled"
      hint="Samples are looked through for personal data and forgotten; only counts are kept."
      command="guards: { discovery: { mode: shadow } }"
    />
  ) : (
    <Empty
      title="Nothing is found that contracts do not declare"
      hint="It takes several different values of a field to tell what they are."
    />
  )
}

function Rows({ rows }: { readonly rows: readonly Finding[] }) {
  return (
    <Table
      caption="Fields that seem to carry personal data, the surest first"
      rows={rows}
      keyOf={(finding) => `${finding.api} ${finding.pointer} ${finding.class}`}
      columns={[
        { title: 'Field', cell: ({ api, pointer }) => <Field api={api} pointer={pointer} /> },
        {
          title: 'Seems to be',
          cell: ({ class: name, meaning }) => (
            <>
              <code>{name}</code> <span className="quiet-text">{meaning}</span>
            </>
          ),
        },
        {
          title: 'Sure',
          isNumber: true,
          cell: ({ confidence, found, seen }) => (
            <span title={`${formatCount(found)} of ${formatCount(seen)} values look like it`}>
              {formatShare(confidence, 1)}
            </span>
          ),
        },
        {
          title: 'In',
          cell: ({ api, operations }) =>
            operations.map((operation, index) => (
              <span key={operation}>
                {index > 0 && ', '}
                <RequestsLink filter={{ api, operation }}>{operation}</RequestsLink>
              </span>
            )),
        },
        {
          title: 'Write',
          cell: ({ file, line, write }) => (
            <span className="actions">
              <code title={`${file}:${line}`}>{write}</code> <CopyButton text={write} />
            </span>
          ),
        },
        { title: 'At', cell: ({ file, line }) => `${file.split('/').at(-1)}:${line}` },
      ]}
    />
  )
}

/** Without the part that all schemas of a contract have in common. */
function Field({ api, pointer }: Pick<Finding, 'api' | 'pointer'>) {
  const name = pointer.replace(/^\/components\/schemas\//, '').replaceAll('/properties/', ' ')
  return (
    <span title={pointer}>
      {api} <code>{name}</code>
    </span>
  )
}

function describe({ discovery, apis }: Findings): string {
  const values = apis.reduce((sum, api) => sum + api.values, 0)
  return `sampling ${discovery === 'off' ? 'off' : 'on'} · ${formatCount(values)} values looked at`
}
