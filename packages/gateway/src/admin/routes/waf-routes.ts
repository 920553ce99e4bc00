import type { Waf } from '@gateward/waf'
import type { ExchangeRecord } from '../../observe/records/exchange-record.ts'
import type { RecordArchive } from '../../observe/records/record-archive.ts'
import { searchRecords } from '../../observe/records/search-records.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { Recent, shared } from '../recent.ts'
import { refusalsOf, rulesOf } from './exchange-filter.ts'
import type { AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type Answer = AdminAnswer<'listWafRules'>

const day = 86_400_000

/** The WAF's rules, and what they matched. */
export function wafRoutes({ clock, records, running }: AdminParts): Pick<AdminRoutes, 'listWafRules'> {
  const tallies = new Recent<ReadonlyMap<number, RuleTally>>(clock, shared.life, shared.most)
  return {
    async listWafRules({ query }) {
      const { waf, configuration } = running()
      const since = query.since === undefined ? clock.now() - day : Date.parse(query.since)
      const tally = await tallies.get(query.since ?? 'a day', async () => tallyRules(await records(), since))
      const rules = waf?.describeRules() ?? []
      return {
        body: {
          mode: configuration.guards['waf']?.mode ?? 'off',
          since: toMoment(since),
          rules: rules.map((rule) => describe(rule, tally.get(rule.id))),
        },
      }
    },
  }
}

interface RuleTally {
  matches: number
  refused: number
  lastAt: string
}

/** What each rule matched since a moment, as far as one search goes. */
async function tallyRules(archive: RecordArchive, since: number): Promise<ReadonlyMap<number, RuleTally>> {
  const tallies = new Map<number, RuleTally>()
  const from = new Date(since).toISOString()
  await searchRecords(archive, {
    // Nothing is kept of a record but the numbers in its notes.
    matches: (record) => {
      count(tallies, record)
      return false
    },
    isBeyond: ({ time }) => time < from,
    limit: 1,
    cursor: undefined,
  })
  return tallies
}

function count(tallies: Map<number, RuleTally>, record: ExchangeRecord): void {
  const { time } = record
  const isRefused = refusalsOf(record).some(({ guard, mode }) => guard === 'waf' && mode !== 'shadow')
  for (const id of rulesOf(record)) {
    // The newest comes first.
    const tally = tallies.get(id) ?? { matches: 0, refused: 0, lastAt: time }
    tally.matches++
    if (isRefused) tally.refused++
    tallies.set(id, tally)
  }
}

function describe(
  { id, phase, position, severity, tags }: ReturnType<Waf['describeRules']>[number],
  tally: RuleTally | undefined,
): Answer['rules'][number] {
  return {
    id,
    phase,
    severity,
    tags: [...tags],
    file: position.file,
    line: position.line,
    matches: tally?.matches ?? 0,
    refused: tally?.refused ?? 0,
    lastAt: tally?.lastAt,
  }
}
