import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { Link } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { formatCount, formatMoment } from '../parts/format.ts'
import { Figure, PageTitle, Panel } from '../parts/panel.tsx'
import { RequestsLink } from '../parts/requests-link.tsx'
import { Asked, Empty } from '../parts/states.tsx'
import { Text } from '../parts/text.tsx'

type Tuning = AdminAnswer<'getWafTuning'>
type Proposal = Tuning['proposals'][number]

/** What the WAF refused, or in shadow would have, without need: the exclusions that would free it, and what each costs. */
export function WafTuningPage() {
  const tuning = useAdmin('getWafTuning', {}, { every: 60_000 })
  return (
    <>
      <PageTitle aside={<Link href="/waf">All rules</Link>}>WAF tuning</PageTitle>
      <Asked query={tuning} what="proposals: attack samples are tried against each">
        {(value) => (
          <>
            <Totals {...value} />
            <Proposals {...value} />
          </>
        )}
      </Asked>
    </>
  )
}

function Totals({ requests, wouldRefuse, refused, attacks, searchedDownTo: since }: Tuning) {
  return (
    <dl className="figures">
      <Figure
        label="Requests that rules looked at"
        value={<RequestsLink filter={{ since }}>{formatCount(requests)}</RequestsLink>}
        note={`since ${formatMoment(since)}`}
      />
      <Figure
        label="Would have been refused"
        value={
          <RequestsLink filter={{ guard: 'waf', outcome: 'shadow', since }}>
            {formatCount(wouldRefuse)}
          </RequestsLink>
        }
        note="in shadow mode"
      />
      <Figure
        label="Refused"
        value={
          <RequestsLink filter={{ guard: 'waf', outcome: 'refused', since }}>
            {formatCount(refused)}
          </RequestsLink>
        }
        note="in enforce mode"
      />
      <Figure label="Look like attacks" value={formatCount(attacks)} note="no reason for an exclusion" />
    </dl>
  )
}

function Proposals({ proposals }: Tuning) {
  if (proposals.length === 0)
    return (
      <Panel title="Nothing to exclude">
        <Empty
          title="No refusal looks harmless"
          hint="Let the WAF look on before it refuses: what it would have refused is weighed here."
          command="guards: { waf: { mode: shadow } }"
        />
      </Panel>
    )
  const lines = proposals.map(({ exclusion }) => `      ${exclusion}`).join('\n')
  const yaml = `guards:\n  waf:\n    exclusions:\n${lines}\n`
  return (
    <>
      {proposals.map((proposal, index) => (
        <OneProposal key={proposal.exclusion} number={index + 1} proposal={proposal} />
      ))}
      <Panel
        title="All of them as configuration"
        aside={
          <span className="actions">
            <CopyButton text={yaml} label="Copy all" />
            <Link href="/configuration" className="button">
              To the configuration
            </Link>
          </span>
        }
      >
        <p>
          Take over those that are harmless; an attack that is found in such a field alone passes from then
          on.
        </p>
        <Text label="Exclusions">{yaml}</Text>
      </Panel>
    </>
  )
}

function OneProposal({ number, proposal }: { readonly number: number; readonly proposal: Proposal }) {
  const { method, operation, field, message, rules, requests, clients, frees, exclusion, replay } = proposal
  const filter = operation.startsWith('(') ? {} : { operation }
  return (
    <Panel
      title={`${number}. ${field} of ${method} ${operation}`}
      aside={<CopyButton text={exclusion} label="Copy" />}
    >
      <p>
        {message}:{' '}
        <RequestsLink filter={{ ...filter, guard: 'waf' }}>
          {formatCount(requests)} {requests === 1 ? 'request' : 'requests'}
        </RequestsLink>{' '}
        from {formatCount(clients)} {clients === 1 ? 'client' : 'clients'}, by{' '}
        {rules.length === 1 ? 'rule' : 'rules'}{' '}
        {rules.map((rule, at) => (
          <span key={rule}>
            {at > 0 && ', '}
            <RequestsLink filter={{ ...filter, rule }}>{rule}</RequestsLink>
          </span>
        ))}
        .
      </p>
      <p>
        <strong>
          Frees {formatCount(frees)} {frees === 1 ? 'request' : 'requests'}.
        </strong>{' '}
        <Cost replay={replay} />
      </p>
      <Text label={`Exclusion ${number}`}>{exclusion}</Text>
    </Panel>
  )
}

function Cost({ replay }: Pick<Proposal, 'replay'>) {
  if (replay === undefined) return <>What would still be caught there is not measured.</>
  const { caughtNow, caughtThen, lost } = replay
  const kinds = Object.entries(lost).map(([kind, count]) => `${formatCount(count)} ${kind}`)
  return (
    <>
      Of {formatCount(caughtNow)} attack samples that are caught there, other rules still catch{' '}
      {formatCount(caughtThen)}
      {kinds.length > 0 && <span className="amber">; no longer: {kinds.join(', ')}</span>}.
    </>
  )
}
