import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { RequestsLink } from '../../parts/requests-link.tsx'
import { Table } from '../../parts/table.tsx'

type Policy = AdminAnswer<'listDataClasses'>['policies'][number]

/** What becomes of each class in each API, by the settings that hold there. */
export function PoliciesPanel({ policies }: { readonly policies: readonly Policy[] }) {
  return (
    <Panel title="By API">
      <Table
        caption="What becomes of classes in each API"
        rows={policies}
        keyOf={(policy) => JSON.stringify([policy.api, policy.class, policy.protection, policy.conceal])}
        columns={[
          {
            title: 'API',
            cell: ({ api, class: dataClass }) => (
              <RequestsLink filter={{ api, dataClass }}>{api}</RequestsLink>
            ),
          },
          { title: 'Class', cell: ({ class: name }) => <a href={`#${name}`}>{name}</a> },
          { title: 'To the service', cell: ({ protection }) => <Mark {...protections[protection]} /> },
          { title: 'To others', cell: ({ conceal }) => <Mark {...conceals[conceal]} /> },
          { title: 'In requests', isNumber: true, cell: ({ requests }) => formatCount(requests) },
          { title: 'In answers', isNumber: true, cell: ({ answers }) => formatCount(answers) },
          { title: 'In parameters', isNumber: true, cell: ({ parameters }) => formatCount(parameters) },
        ]}
      />
    </Panel>
  )
}

interface Look {
  readonly mark: string
  readonly text: string
  readonly tone: 'accent' | 'amber'
}

function Mark({ mark, text, tone }: Look) {
  return (
    <span className={`badge ${tone}`}>
      <span aria-hidden="true">{mark}</span> {text}
    </span>
  )
}

const protections: Readonly<Record<Policy['protection'], Look>> = {
  encrypt: { mark: '●', text: 'encrypted', tone: 'accent' },
  deterministic: { mark: '◐', text: 'encrypted, equal values alike', tone: 'accent' },
  off: { mark: '○', text: 'as it is', tone: 'amber' },
}

const conceals: Readonly<Record<Policy['conceal'], Look>> = {
  mask: { mark: '◐', text: 'masked', tone: 'accent' },
  remove: { mark: '●', text: 'dropped', tone: 'accent' },
  'nothing-done': { mark: '○', text: 'as it is', tone: 'amber' },
}
