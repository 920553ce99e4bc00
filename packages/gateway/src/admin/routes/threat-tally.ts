import type { Geography } from '../../geography/geography.ts'
import { toBlock } from '../../guards/address/network.ts'
import type { ExchangeRecord } from '../../observe/records/exchange-record.ts'
import type { AdminAnswer } from '../contract.ts'
import { refusalsOf, rulesOf } from './exchange-filter.ts'

type Threats = AdminAnswer<'getThreats'>

interface Source {
  readonly country: string | undefined
  refused: number
  waf: number
  readonly addresses: Set<string>
  readonly lastAt: string
}

interface Rule {
  message: string | undefined
  matches: number
  refused: number
  readonly addresses: Set<string>
  readonly lastAt: string
}

/** Names of one kind that are told apart, and addresses of each; what comes later is not counted. */
const mostNames = 5_000
const mostAddresses = 1_000

/** Counts what records, the newest first, say of those who were refused. */
export class ThreatTally {
  readonly #geography: Geography
  readonly #blocks = new Map<string, Source>()
  readonly #systems = new Map<string, Source>()
  readonly #rules = new Map<number, Rule>()
  readonly #wafByCountry = new Map<string, number>()

  constructor(geography: Geography) {
    this.#geography = geography
  }

  add(record: ExchangeRecord): void {
    const refusals = refusalsOf(record)
    if (refusals.length === 0) return
    const byWaf = refusals.filter(({ guard }) => guard === 'waf')
    const isWaf = byWaf.length > 0
    const { country, autonomousSystem } = this.#geography.locate(record.client)
    if (isWaf && country !== undefined)
      this.#wafByCountry.set(country, (this.#wafByCountry.get(country) ?? 0) + 1)
    this.#count(this.#blocks, toBlock(record.client), country, record, isWaf)
    if (autonomousSystem !== undefined)
      this.#count(this.#systems, `AS${autonomousSystem}`, country, record, isWaf)
    if (isWaf)
      this.#countRules(
        record,
        byWaf.some(({ mode }) => mode !== 'shadow'),
      )
  }

  /** Requests of a country in which the WAF refused, or would have. */
  wafOf(country: string): number {
    return this.#wafByCountry.get(country) ?? 0
  }

  blocks(limit: number): Threats['blocks'] {
    return toSources(this.#blocks, limit)
  }

  systems(limit: number): Threats['systems'] {
    return toSources(this.#systems, limit)
  }

  rules(limit: number): Threats['rules'] {
    return [...this.#rules]
      .map(([id, { message, matches, refused, addresses, lastAt }]) => ({
        id,
        message,
        matches,
        refused,
        addresses: addresses.size,
        lastAt,
      }))
      .toSorted((left, right) => right.matches - left.matches)
      .slice(0, limit)
  }

  #count(
    sources: Map<string, Source>,
    name: string,
    country: string | undefined,
    { client, time }: ExchangeRecord,
    isWaf: boolean,
  ): void {
    let source = sources.get(name)
    if (source === undefined) {
      if (sources.size >= mostNames) return
      sources.set(name, (source = { country, refused: 0, waf: 0, addresses: new Set(), lastAt: time }))
    }
    source.refused++
    if (isWaf) source.waf++
    if (source.addresses.size < mostAddresses) source.addresses.add(client)
  }

  #countRules(record: ExchangeRecord, isRefused: boolean): void {
    const messages = new Map(record.waf?.rules.map(({ id, msg }) => [id, msg]))
    // Rules that only add up what others found say nothing of what was tried.
    const found = record.waf?.rules.filter(({ at }) => at !== '' && !/^(?:TX:|&)/.test(at)) ?? []
    const ids = found.length > 0 ? new Set(found.map(({ id }) => id)) : rulesOf(record)
    for (const id of ids) {
      let rule = this.#rules.get(id)
      if (rule === undefined) {
        if (this.#rules.size >= mostNames) continue
        const empty = { message: undefined, matches: 0, refused: 0, addresses: new Set<string>() }
        this.#rules.set(id, (rule = { ...empty, lastAt: record.time }))
      }
      rule.message ??= messages.get(id)
      rule.matches++
      if (isRefused) rule.refused++
      if (rule.addresses.size < mostAddresses) rule.addresses.add(record.client)
    }
  }
}

function toSources(sources: ReadonlyMap<string, Source>, limit: number): Threats['blocks'] {
  return [...sources]
    .toSorted(([, left], [, right]) => right.refused - left.refused)
    .slice(0, limit)
    .map(([name, { country, refused, waf, addresses, lastAt }]) => ({
      name,
      country,
      refused,
      waf,
      addresses: addresses.size,
      lastAt,
    }))
}
