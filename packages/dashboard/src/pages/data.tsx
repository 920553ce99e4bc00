import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { dataKeyColumns } from '../parts/data-key-columns.tsx'
import { formatCount, formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { FindingsPanel } from './data/findings.tsx'
import { PoliciesPanel } from './data/policies.tsx'

type DataClasses = AdminAnswer<'listDataClasses'>
type DataClass = DataClasses['classes'][number]

/** The classes of personal data: where they are in contracts, how services get them, and who sees them. */
export function DataPage() {
  const classes = useAdmin('listDataClasses', {}, { every: 30_000 })
  return (
    <>
      <PageTitle>Data classes</PageTitle>
      <Asked query={classes} what="data classes">
        {(value) => <Classes {...value} />}
      </Asked>
      <FindingsPanel />
      <Keys />
    </>
  )
}

function Classes({ classes, policies, masking, encryption, since, searchedDownTo }: DataClasses) {
  if (classes.length === 0)
    return (
      <Panel title="No class is declared">
        <Empty
          title="No contract says which of its fields are personal"
          hint="Classify a field where its schema stands: from then on it is encrypted for the service, masked in answers and in no log."
          command="x-data-class: { class: pii.email, field: email, index: emailIndex }"
        />
      </Panel>
    )
  const from = searchedDownTo > since ? searchedDownTo : since
  return (
    <>
      <Panel
        title="Classes"
        aside={
          <span className="quiet-text">
            masking {masking} · encryption {encryption} · counts since {formatMoment(from)}
          </span>
        }
      >
        <Table
          caption="Classes of personal data"
          rows={classes}
          keyOf={({ name }) => name}
          columns={[
            { title: 'Class', cell: ({ name }) => <a href={`#${name}`}>{name}</a> },
            { title: 'What it is', cell: ({ meaning }) => meaning },
            { title: 'The service gets', cell: ({ protection }) => protections[protection] },
            { title: 'Others see', cell: ({ conceal }) => (conceal === 'mask' ? 'a mask' : 'nothing') },
            { title: 'Places', isNumber: true, cell: ({ places }) => formatCount(places.length) },
            {
              title: 'Values shown',
              isNumber: true,
              cell: ({ name, revealed }) => <Counted name={name} count={revealed} since={from} />,
            },
            {
              title: 'Concealed',
              isNumber: true,
              cell: ({ name, concealed }) => <Counted name={name} count={concealed} since={from} />,
            },
          ]}
        />
      </Panel>
      <PoliciesPanel policies={policies} />
      {classes.map((each) => (
        <OneClass key={each.name} {...each} />
      ))}
    </>
  )
}

const protections = {
  encrypt: 'another text each time (AES-256-GCM)',
  deterministic: 'the same text for equal values (AES-256-SIV)',
  off: 'the value itself',
} as const

function Counted({
  name,
  count,
  since,
}: {
  readonly name: string
  readonly count: number
  readonly since: string
}) {
  if (count === 0) return <>0</>
  return <RequestsLink filter={{ dataClass: name, since }}>{formatCount(count)}</RequestsLink>
}

function OneClass({ name, meaning, scopes, keys, places }: DataClass) {
  return (
    <section className="panel" id={name}>
      <header>
        <h2>
          {name} <span className="quiet-text">{meaning}</span>
        </h2>
      </header>
      <p>
        Seen by whoever has{' '}
        {scopes.map((scope, at) => (
          <span key={scope}>
            {at > 0 && ' or '}
            <code>{scope}</code>
          </span>
        ))}
        : {describeKeys(keys)}, and tokens that carry the scope.
      </p>
      <Table
        caption={`Where ${name} stands in contracts`}
        rows={places}
        keyOf={(place) => `${place.api} ${place.operation} ${place.in} ${place.field}`}
        columns={[
          {
            title: 'Operation',
            cell: ({ api, operation }) => (
              <RequestsLink filter={{ api, operation }}>
                {api} {operation}
              </RequestsLink>
            ),
          },
          {
            title: 'Path',
            cell: ({ method, path }) => (
              <code className="request">
                {method} {path}
              </code>
            ),
          },
          { title: 'Where', cell: (place) => wheres[place.in] },
          { title: 'Field', cell: ({ field }) => <code>{field}</code> },
          {
            title: 'Found by',
            cell: ({ index }) => (index === undefined ? '–' : <code>{index}</code>),
          },
          {
            title: 'Declared at',
            cell: ({ declaredAt }) => `${declaredAt.file.split('/').at(-1)}:${declaredAt.line}`,
          },
        ]}
      />
    </section>
  )
}

const wheres = {
  request: 'body of the request',
  answer: 'body of the answer',
  path: 'path',
  query: 'query',
  header: 'header field',
  cookie: 'cookie',
} as const

function describeKeys(keys: DataClass['keys']): string {
  if (keys.length === 0) return 'no API key'
  const shown = keys.slice(0, 5).map(({ display, consumer }) => `${display} (${consumer})`)
  const more = keys.length - shown.length
  return `${keys.length === 1 ? 'the API key' : 'the API keys'} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const purposes: ReadonlySet<string> = new Set(['fields', 'fields-deterministic', 'fields-index'])

/** The keys of the keyring that stand behind the classes. */
function Keys() {
  const keyring = useAdmin('getKeyring', {}, { every: 30_000 })
  return (
    <Panel title="Keys behind them" aside={<Link href="/keyring">The whole keyring</Link>}>
      <Asked query={keyring} what="keys">
        {({ keys }) => (
          <Table
            caption="Data keys of fields"
            rows={keys.filter(({ purpose, state }) => purposes.has(purpose) && state !== 'destroyed')}
            keyOf={({ id }) => id}
            columns={dataKeyColumns}
          />
        )}
      </Asked>
    </Panel>
  )
}
