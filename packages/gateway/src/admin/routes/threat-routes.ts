import { defineProblem } from '@gateward/kernel'
import { searchRecords } from '../../observe/records/search-records.ts'
import type { AnomalyRecord } from '../../store/anomaly-store.ts'
import type { AdminParts } from '../parts.ts'
import { Recent, shared } from '../recent.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { ThreatTally } from './threat-tally.ts'
import { describeRange, describeRefusals, readRange } from './time-range.ts'
import { toMoment } from './to-moment.ts'

const day = 86_400_000
const mostRows = 50
const mostAnomalies = 1_000

/** Who is refused, from where, by which rules and when. */
export function threatRoutes(parts: AdminParts): Pick<AdminRoutes, 'getThreats'> {
  const { anomalies, clock, geography, history } = parts
  const tallies = new Recent<ThreatSearch>(clock, shared.life, shared.most)
  return {
    async getThreats({ query }) {
      const from = query.from ?? toMoment(clock.now() - day)
      const range = readRange({ from }, clock.now())
      if (range === undefined) return refuse(badRange)
      const [{ tally, searchedDownTo }, countries, refusals, found] = await Promise.all([
        tallies.get(query.from ?? 'a day', () => tallyThreats(parts, range.from)),
        history.top({ ...range, dimension: 'country', limit: 250 }),
        history.refusals(range),
        anomalies.list({ limit: mostAnomalies }),
      ])
      const strange = countAnomalies(
        found.filter(({ time }) => time >= range.from),
        (address) => geography.locate(address).country,
      )
      return {
        body: {
          ...describeRange(range),
          searchedDownTo,
          countries: countries.map(({ name, requests, refused }) => ({
            name,
            requests,
            refused,
            waf: tally.wafOf(name),
            anomalies: strange.get(name) ?? 0,
          })),
          blocks: tally.blocks(mostRows),
          systems: tally.systems(mostRows),
          rules: tally.rules(mostRows),
          refusals: refusals.map(describeRefusals),
        },
      }
    },
  }
}

interface ThreatSearch {
  readonly tally: ThreatTally
  readonly searchedDownTo: string
}

/** Looks through the records, the newest first, as far as one search goes. */
async function tallyThreats({ geography, records }: AdminParts, from: number): Promise<ThreatSearch> {
  const tally = new ThreatTally(geography)
  const since = toMoment(from)
  const page = await searchRecords(await records(), {
    // Nothing is kept of a record but what it adds to the counts.
    matches: (record) => {
      tally.add(record)
      return false
    },
    isBeyond: ({ time }) => time < since,
    limit: 1,
    cursor: undefined,
  })
  const isWhole = page.next === undefined
  return { tally, searchedDownTo: isWhole ? since : (page.searchedDownTo ?? since) }
}

/** Anomalies by the country that they are about, or whose address they are about. */
function countAnomalies(
  found: readonly AnomalyRecord[],
  countryOf: (address: string) => string | undefined,
): ReadonlyMap<string, number> {
  const places = found.flatMap(({ dimension, subject }) => {
    if (dimension === 'country') return [subject]
    const [address = ''] = subject.split('/')
    const country = dimension === 'address' ? countryOf(address) : undefined
    return country === undefined ? [] : [country]
  })
  return new Map(
    Map.groupBy(places, (country) => country)
      .entries()
      .map(([name, all]) => [name, all.length]),
  )
}

const badRange = defineProblem('VALIDATION_ERROR', '`from` must lie in the past, at most 400 days ago')
