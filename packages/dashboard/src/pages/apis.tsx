import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { formatCount } from '../parts/format.ts'
import { GuardRow } from '../parts/guard-row.tsx'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type Api = AdminAnswer<'listApis'>['apis'][number]
type Operation = AdminAnswer<'listOperations'>['operations'][number]

/** The APIs behind the gateway: what they declare, how their services are, which guards stand before them. */
export function ApisPage() {
  const apis = useAdmin('listApis', {}, { every: 5_000 })
  const status = useAdmin('getStatus')
  return (
    <>
      <PageTitle>APIs</PageTitle>
      <Panel title="Guards as configured for all">
        <GuardRow cells={(status.data?.guards ?? []).map(({ guard, mode }) => ({ guard, state: mode }))} />
      </Panel>
      <Asked query={apis} what="APIs">
        {({ apis: all }) => all.map((api) => <OneApi key={api.name} api={api} />)}
      </Asked>
    </>
  )
}

function OneApi({ api }: { readonly api: Api }) {
  const operations = useAdmin('listOperations', { path: { api: api.name } })
  return (
    <Panel
      title={`${api.name}${api.title === undefined ? '' : `: ${api.title}`}`}
      aside={
        <span className={api.available ? undefined : 'danger'}>
          {api.available ? 'available' : '⚠ not available'} · breaker {api.breaker}
        </span>
      }
    >
      <p className="quiet-text">
        {describeApi(api)}
        {api.name.includes('@') && (
          <>
            {' · '}
            <Link href={`/versions#${api.name}`}>its plan and callers</Link>
          </>
        )}
      </p>
      <Table
        caption={`Targets of ${api.name}`}
        rows={api.targets}
        keyOf={({ url }) => url}
        columns={[
          { title: 'Target', cell: ({ url }) => <code>{url}</code> },
          {
            title: 'Health',
            cell: ({ healthy }) => (
              <span className={healthy ? undefined : 'danger'}>{healthy ? '✓ healthy' : '! left out'}</span>
            ),
          },
          { title: 'Under way', isNumber: true, cell: ({ inFlight }) => inFlight },
          { title: 'Connections', isNumber: true, cell: ({ connections }) => connections },
          { title: 'Waiting', isNumber: true, cell: ({ queued }) => queued },
        ]}
      />
      <Asked query={operations} what="operations">
        {({ operations: rows }) => <Operations api={api.name} rows={rows} />}
      </Asked>
    </Panel>
  )
}

function describeApi({ contract, operations, basePath, hosts }: Api): string {
  const file = contract?.split('/').at(-1)
  return [
    file === undefined ? 'no contract' : `contract ${file}`,
    `${formatCount(operations)} operations`,
    basePath === '' ? 'under /' : `under ${basePath}`,
    hosts.length === 0 ? 'every host that no other API names' : hosts.join(', '),
  ].join(' · ')
}

function Operations({ api, rows }: { readonly api: string; readonly rows: readonly Operation[] }) {
  return (
    <Table
      caption={`Operations of ${api}`}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Operation',
          cell: ({ id }) => <Link href={`/requests?operation=${encodeURIComponent(id)}`}>{id}</Link>,
        },
        {
          title: 'Path',
          cell: ({ method, path, deprecated }) => (
            <code className={deprecated ? 'amber' : undefined}>
              {method} {path} {deprecated ? '(deprecated)' : ''}
            </code>
          ),
        },
        { title: 'Who may', cell: ({ security }) => describeSecurity(security) },
        {
          title: 'Not enforced',
          cell: ({ guards }) =>
            guards
              .filter(({ mode }) => mode !== 'enforce')
              .map(({ guard, mode }) => `${guard} ${mode}`)
              .join(', ') || '–',
        },
        {
          title: 'Declared at',
          cell: ({ declaredAt }) =>
            declaredAt === undefined ? '–' : `${declaredAt.file.split('/').at(-1)}:${declaredAt.line}`,
        },
      ]}
    />
  )
}

function describeSecurity(security: Operation['security']): string {
  if (security === undefined) return 'as the gateway says by default'
  if (security.length === 0 || security.some((all) => all.length === 0)) return 'everybody'
  return security
    .map((all) => all.map(({ scheme, scopes }) => [scheme, ...scopes].join(' ')).join(' and '))
    .join(' or ')
}
