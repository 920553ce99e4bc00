import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin } from '../api/queries.ts'
import { formatCount, formatDay, formatDistance } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { OneVersion } from './versions/one-version.tsx'
import { Stage } from './versions/stage.tsx'

type Version = AdminAnswer<'listVersions'>['versions'][number]

/** The versions of APIs: which stays, which ends by plan, and who still calls it. */
export function VersionsPage() {
  const versions = useAdmin('listVersions', {}, { every: 10_000 })
  return (
    <>
      <PageTitle>Versions</PageTitle>
      <Asked query={versions} what="versions">
        {({ versions: all }) => <Versions all={all} />}
      </Asked>
    </>
  )
}

function Versions({ all }: { readonly all: readonly Version[] }) {
  if (all.length === 0)
    return (
      <Panel title="No API has versions">
        <Empty
          title="Every API is served as it is"
          hint="Say in the configuration how requests name their version and which there are; a plan then ends one on its day."
          command="versions: { in: [path], default: v2, offered: { v1: { plan: { … } }, v2: {} } }"
        />
      </Panel>
    )
  return (
    <>
      {[...Map.groupBy(all, ({ family }) => family)].map(([family, versions]) => (
        <Panel key={family} title={family}>
          <Table
            caption={`Versions of ${family}`}
            rows={versions}
            keyOf={({ api }) => api}
            columns={columns}
          />
          {versions.map(({ api, concern }) =>
            concern === undefined ? null : (
              <p key={api} className="danger">
                ! <a href={`#${api}`}>{api}</a> needs somebody: {concern}
              </p>
            ),
          )}
        </Panel>
      ))}
      {all.map((version) => (
        <OneVersion key={version.api} {...version} />
      ))}
    </>
  )
}

const columns = [
  { title: 'Version', cell: ({ api, version }: Version) => <a href={`#${api}`}>{version}</a> },
  { title: 'Stage', cell: (version: Version) => <Stage {...version} /> },
  { title: 'Next', cell: (version: Version) => <span className="nowrap">{describeNext(version)}</span> },
  {
    title: 'Called within 7 days',
    isNumber: true,
    cell: ({ api, callers }: Version) => (
      <a href={`#callers-${api}`}>
        {formatCount(callers.active)} of {formatCount(callers.consumers)}
      </a>
    ),
  },
  { title: 'Moved on', isNumber: true, cell: ({ callers }: Version) => formatCount(callers.moved) },
  {
    title: 'Requests',
    isNumber: true,
    cell: ({ api, callers }: Version) => (
      <RequestsLink filter={{ api }}>{formatCount(callers.requests)}</RequestsLink>
    ),
  },
  {
    title: 'Last call',
    cell: ({ callers }: Version) => (
      <span className="nowrap">
        {callers.lastSeen === undefined ? 'never' : formatDistance(callers.lastSeen)}
      </span>
    ),
  },
] as const

function describeNext({ next, pause, isPaused }: Version): string {
  const coming = [
    ...(next === undefined ? [] : [{ what: next.stage, at: next.at }]),
    ...(pause === undefined || isPaused ? [] : [{ what: 'pause', at: pause.from }]),
  ].toSorted((left, right) => left.at.localeCompare(right.at))[0]
  if (coming === undefined) return '–'
  return `${coming.what} ${formatDistance(coming.at)} (${formatDay(coming.at)})`
}
