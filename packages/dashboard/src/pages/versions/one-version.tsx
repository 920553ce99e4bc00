import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { formatCount, formatDay, formatMoment, formatShare } from '../../parts/format.ts'
import { Table } from '../../parts/table.tsx'
import { Callers } from './callers.tsx'
import { Stage } from './stage.tsx'

type Version = AdminAnswer<'listVersions'>['versions'][number]
type Plan = NonNullable<Version['plan']>

/** One version: why and when it ends, how far its callers have moved, and who they are. */
export function OneVersion(version: Version) {
  const { api, basePath, plan, title, operations, deprecatedOperations } = version
  return (
    <section className="panel" id={api}>
      <header>
        <h2>{api}</h2>
        <Stage {...version} />
      </header>
      <p className="quiet-text">
        {[
          title ?? 'no contract',
          `${formatCount(operations)} operations`,
          ...(deprecatedOperations === 0 ? [] : [`${formatCount(deprecatedOperations)} of them deprecated`]),
          `under ${basePath || '/'}`,
        ].join(' · ')}
      </p>
      {plan === undefined ? <p>It stays: it has no plan.</p> : <PlanFacts {...version} plan={plan} />}
      <Callers api={api} successor={plan?.successor} />
    </section>
  )
}

function PlanFacts({ api, plan, callers }: Version & { readonly plan: Plan }) {
  const { reason, finding, successor, links, exceptions } = plan
  const left = callers.consumers - callers.active
  return (
    <>
      <p>
        It ends because {reason}
        {finding !== undefined && (
          <>
            {' '}
            <span className="badge danger">
              <span aria-hidden="true">!</span> {finding}
            </span>
          </>
        )}
        {successor !== undefined && (
          <>
            . Its place takes <a href={`#${api.slice(0, api.indexOf('@'))}@${successor}`}>{successor}</a>
          </>
        )}
        .
      </p>
      <Timeline api={api} plan={plan} />
      {callers.consumers > 0 && (
        <p>
          <label>
            {formatCount(left)} of {formatCount(callers.consumers)} consumers call it no more (
            {formatShare(left, callers.consumers)}); {formatCount(callers.moved)} of them call{' '}
            {successor ?? 'what follows'}.{' '}
            <meter min={0} max={callers.consumers} value={left}>
              {formatShare(left, callers.consumers)}
            </meter>
          </label>
        </p>
      )}
      {links.length > 0 && (
        <p className="quiet-text">
          Callers are led to {links.map(({ relation, target }) => `${target} (${relation})`).join(', ')}
        </p>
      )}
      {exceptions.length > 0 && (
        <Table
          caption={`Exceptions of ${api}`}
          rows={exceptions}
          keyOf={({ consumer }) => consumer}
          columns={[
            { title: 'May go on', cell: ({ consumer }) => consumer },
            {
              title: 'Until the end of',
              cell: ({ endsAt, ended }) => (
                <span className={ended ? 'quiet-text' : undefined}>
                  {formatUtcDay(endsAt)} {ended && '(over)'}
                </span>
              ),
            },
            { title: 'Why', cell: ({ reason: why }) => why },
            { title: 'Who answers for it', cell: ({ owner }) => owner },
          ]}
        />
      )}
    </>
  )
}

/** The stages in the order of time; what is over, what goes on and what comes differ in shape, not in colour alone. */
function Timeline({ api, plan }: { readonly api: string; readonly plan: Plan }) {
  const current = plan.stages.findLastIndex(({ begun }) => begun)
  return (
    <ol className="timeline" aria-label={`Plan of ${api}`}>
      {plan.stages.map(({ stage, at, begun }, nth) => (
        <li
          key={stage}
          className={begun ? 'begun' : undefined}
          aria-current={nth === current ? 'step' : undefined}
        >
          <strong>
            {stage}
            {stage === 'brownouts' && ` (${formatCount(plan.pauses)})`}
          </strong>
          <time dateTime={at} title={formatMoment(at)}>
            {formatDay(at)}
          </time>
          <span className="quiet-text">{meanings[stage]}</span>
        </li>
      ))}
    </ol>
  )
}

const meanings = {
  announced: 'callers are told',
  deprecated: 'nobody should begin to use it',
  brownouts: '410 for a while, again and again',
  'read-only': '405 to what changes something',
  retired: '410 for ever',
} as const

/** Exceptions end with a day of UTC, whatever the reader's own zone. */
function formatUtcDay(endsAt: string): string {
  return new Date(Date.parse(endsAt) - 1).toISOString().slice(0, 10)
}
