import type { ExchangeRecord } from '../observe/records/exchange-record.ts'
import { fieldOf, isDetection } from './excluded-field.ts'

/** One exclusion that would free requests. */
export interface Proposal {
  readonly operation: string
  readonly method: string
  /** A path of one of the requests. */
  readonly path: string
  /** As `exclusions` name it. */
  readonly field: string
  readonly rules: readonly number[]
  /** What the rules say they found. */
  readonly message: string
  /** Requests in which one of the rules matched there, and from how many clients they came. */
  readonly requests: number
  readonly clients: number
  /** Requests that would pass with this exclusion and those before it. */
  readonly frees: number
}

/** What records say of the WAF's refusals. */
export interface Tuning {
  /** Requests that the rules were asked about. */
  readonly requests: number
  /** Those that would have been refused in shadow, and those that were. */
  readonly wouldRefuse: number
  readonly refused: number
  /** Refusals that look like attacks and are no reason for an exclusion. */
  readonly attacks: number
  readonly proposals: readonly Proposal[]
}

/** Families of attack by rule id. */
type Families = ReadonlyMap<number, readonly string[]>

/** The families of attack of rules: the tags of the Core Rule Set that name what a rule protects from. */
export function familiesOf(
  rules: readonly { readonly id: number; readonly tags: readonly string[] }[],
): Families {
  const general = new Set(['attack-generic', 'attack-protocol', 'attack-disclosure'])
  return new Map(
    rules.map(({ id, tags }) => [id, tags.filter((tag) => tag.startsWith('attack-') && !general.has(tag))]),
  )
}

/** The entry of `guards.waf.exclusions` that a proposal is. */
export interface ProposedExclusion {
  readonly rules: readonly number[]
  readonly fields: readonly string[]
  readonly operations?: readonly string[]
}

/** What a proposal would exclude; operations without an id of their own are not named. */
export function exclusionOf({ rules, field, operation }: Proposal): ProposedExclusion {
  return { rules, fields: [field], ...(operation.startsWith('(') ? {} : { operations: [operation] }) }
}

/** The same as a line under `guards.waf.exclusions`. */
export function toExclusion(proposal: Proposal): string {
  const { rules, fields, operations } = exclusionOf(proposal)
  const place = operations === undefined ? '' : `, operations: ${JSON.stringify(operations)}`
  return `- { rules: [${rules.join(', ')}], fields: ${JSON.stringify(fields)}${place} }`
}

interface Refusal {
  readonly client: string
  /** Keys of the groups that it takes to free it. */
  readonly groups: ReadonlySet<string>
  readonly families: readonly string[]
}

interface Group {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly field: string
  readonly message: string
  readonly rules: Set<number>
}

const mostRefusals = 200_000
const attackFamilies = 3

/** Collects refusals, and proposes the fewest exclusions that free what does not look like an attack. */
export class Tuner {
  readonly #families: Families
  readonly #refusals: Refusal[] = []
  readonly #groups = new Map<string, Group>()
  readonly #familiesOfClient = new Map<string, Set<string>>()
  #requests = 0
  #wouldRefuse = 0
  #refused = 0

  constructor(families: Families) {
    this.#families = families
  }

  add(record: ExchangeRecord): void {
    const verdicts = record.guards.filter(({ guard }) => guard === 'waf')
    if (verdicts.length === 0) return
    this.#requests++
    const refusal = verdicts.find(({ verdict }) => verdict === 'refuse')
    if (refusal === undefined) return
    if (refusal.mode === 'shadow') this.#wouldRefuse++
    else this.#refused++
    this.#addRefusal(record)
  }

  finish(): Tuning {
    const harmless = this.#refusals.filter((refusal) => !this.#looksLikeAttack(refusal))
    return {
      requests: this.#requests,
      wouldRefuse: this.#wouldRefuse,
      refused: this.#refused,
      attacks: this.#refusals.length - harmless.length,
      proposals: this.#propose(harmless),
    }
  }

  #addRefusal(record: ExchangeRecord): void {
    const detections = (record.waf?.rules ?? []).filter(isDetection)
    if (detections.length === 0 || this.#refusals.length >= mostRefusals) return
    const groups = new Set<string>()
    for (const { id, at, msg } of detections) {
      const { operation, method, path } = record
      const field = fieldOf(at, record)
      const key = `${method} ${operation} ${field}`
      groups.add(key)
      const known = this.#groups.get(key)
      if (known === undefined)
        this.#groups.set(key, { operation, method, path, field, message: msg, rules: new Set([id]) })
      else known.rules.add(id)
    }
    const families = [...new Set(detections.flatMap(({ id }) => this.#families.get(id) ?? []))]
    this.#refusals.push({ client: record.client, groups, families })
    const ofClient = this.#familiesOfClient.get(record.client) ?? new Set()
    for (const family of families) ofClient.add(family)
    this.#familiesOfClient.set(record.client, ofClient)
  }

  /** Prose matches one kind of rule again and again; who tries things out matches many. */
  #looksLikeAttack({ client, families }: Refusal): boolean {
    const ofClient = this.#familiesOfClient.get(client)?.size ?? 0
    return families.length >= attackFamilies || ofClient >= attackFamilies
  }

  #propose(refusals: readonly Refusal[]): readonly Proposal[] {
    const byGroup = new Map<string, Refusal[]>()
    for (const refusal of refusals) {
      for (const key of refusal.groups) byGroup.set(key, [...(byGroup.get(key) ?? []), refusal])
    }
    const chosen = new Set<string>()
    const freed = new Set<Refusal>()
    return [...byGroup]
      .toSorted(([, left], [, right]) => right.length - left.length)
      .flatMap(([key, ofGroup]) => {
        chosen.add(key)
        const before = freed.size
        for (const refusal of ofGroup) if (refusal.groups.isSubsetOf(chosen)) freed.add(refusal)
        const group = this.#groups.get(key)
        if (group === undefined) return []
        const { operation, method, path, field, message, rules } = group
        return {
          operation,
          method,
          path,
          field,
          message,
          rules: [...rules].toSorted((left, right) => left - right),
          requests: ofGroup.length,
          clients: new Set(ofGroup.map(({ client }) => client)).size,
          frees: freed.size - before,
        }
      })
  }
}
