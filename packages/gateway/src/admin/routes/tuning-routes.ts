import type { Waf } from '@gateward/waf'
import { searchRecords } from '../../observe/records/search-records.ts'
import { replaySamples, type Replay } from '../../tuning/replay-samples.ts'
import { familiesOf, toExclusion, Tuner, type Proposal } from '../../tuning/tuner.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { Recent, shared } from '../recent.ts'
import { Turns } from '../http/turns.ts'
import type { AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

type Answer = AdminAnswer<'getWafTuning'>

const week = 7 * 86_400_000
const mostProposals = 10
const mostRemembered = 200

/** The exclusions that would free what the WAF refused without need. */
export function tuningRoutes(parts: AdminParts): Pick<AdminRoutes, 'getWafTuning'> {
  const { clock, running } = parts
  const replays = new Replays()
  const searches = new Recent<TuningSearch>(clock, shared.life, shared.most)
  return {
    async getWafTuning({ query }) {
      const { waf, site } = running()
      const since = query.since ?? toMoment(clock.now() - week)
      // Rules that were loaded anew are told in other families.
      const question = `${query.since ?? 'a week'} ${site.hash}`
      const { findings, searchedDownTo } = await searches.get(question, () => search(waf, parts, since))
      const { proposals, ...counts } = findings
      const measured: Answer['proposals'] = []
      for (const proposal of proposals.slice(0, mostProposals))
        measured.push(describe(proposal, waf && (await replays.of(waf, proposal))))
      return { body: { since, searchedDownTo, ...counts, proposals: measured } }
    },
  }
}

interface TuningSearch {
  readonly findings: ReturnType<Tuner['finish']>
  readonly searchedDownTo: string
}

/** Shows a tuner the records, the newest first, as far as one search goes. */
async function search(waf: Waf | undefined, { records }: AdminParts, since: string): Promise<TuningSearch> {
  const tuner = new Tuner(familiesOf(waf?.describeRules() ?? []))
  const page = await searchRecords(await records(), {
    matches: (record) => {
      tuner.add(record)
      return false
    },
    isBeyond: ({ time }) => time < since,
    limit: 1,
    cursor: undefined,
  })
  const searchedDownTo = page.next === undefined ? since : (page.searchedDownTo ?? since)
  return { findings: tuner.finish(), searchedDownTo }
}

/** Replays one after the other, whoever asks, and remembers what came of each while the same rules run. */
class Replays {
  readonly #turns = new Turns()
  readonly #known = new WeakMap<Waf, Map<string, Replay | undefined>>()

  of(waf: Waf, proposal: Proposal): Promise<Replay | undefined> {
    return this.#turns.take(async () => {
      const known = this.#known.get(waf) ?? new Map<string, Replay | undefined>()
      this.#known.set(waf, known)
      const key = `${proposal.method} ${proposal.path} ${toExclusion(proposal)}`
      if (known.has(key)) return known.get(key)
      if (known.size >= mostRemembered) known.clear()
      const replay = await replaySamples(waf, proposal)
      known.set(key, replay)
      return replay
    })
  }
}

function describe(proposal: Proposal, replay: Replay | undefined): Answer['proposals'][number] {
  return {
    ...proposal,
    rules: [...proposal.rules],
    exclusion: toExclusion(proposal),
    replay: replay && { ...replay, lost: { ...replay.lost } },
  }
}
