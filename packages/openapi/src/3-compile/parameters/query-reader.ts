import { decodeForm } from './decode.ts'
import { NameTable } from './name-table.ts'
import type { NamedValue } from './named-value.ts'
import { dangerousName, Refusal } from './refusal.ts'
import type { Violations } from './violations.ts'

/** The most `name=value` pairs that a query may have. */
const maxPairs = 1000

/** What a caller lets through beside the declared names. */
export interface QueryOptions {
  readonly allowUnknownQuery: boolean
  readonly ignoredQuery: ReadonlySet<string>
}

/** Reads a query of `name=value` pairs; values are decoded only after they were taken apart. */
export class QueryReader {
  readonly #table: NameTable

  constructor(values: readonly NamedValue[]) {
    this.#table = new NameTable(values)
  }

  /** Reads the raw query into `target`. */
  read(query: string, options: QueryOptions, target: Record<string, unknown>, violations: Violations): void {
    const collected = this.#table.start()
    let pairs = 0
    for (let start = 0; start < query.length && !violations.full;) {
      const ampersand = query.indexOf('&', start)
      const end = ampersand === -1 ? query.length : ampersand
      if (++pairs > maxPairs) {
        const address = { in: 'query', pointer: '', position: undefined } as const
        violations.add(address, 'maxProperties', `the query has more than ${maxPairs} pairs`)
        return
      }
      if (end > start) this.#takePair(query, start, end, collected, options, violations)
      start = end + 1
    }
    this.#table.read(collected, target, violations)
  }

  #takePair(
    query: string,
    start: number,
    end: number,
    collected: ReturnType<NameTable['start']>,
    options: QueryOptions,
    violations: Violations,
  ): void {
    let equals = start
    while (equals < end && query.charCodeAt(equals) !== 0x3d) equals++
    const rawName = query.slice(start, equals)
    const raw = equals < end ? query.slice(equals + 1, end) : ''
    const name = this.#table.knows(rawName) ? rawName : decodeForm(rawName)
    if (name instanceof Refusal) {
      violations.refuse(addressOf(''), name, rawName)
      return
    }
    const taken = this.#table.take(collected, name, raw)
    if (taken === 'taken') return
    if (taken === 'dangerous') violations.refuse(addressOf(name), dangerousName, name)
    else if (!options.allowUnknownQuery && !options.ignoredQuery.has(name)) {
      violations.add(addressOf(name), 'unknown', 'the contract declares no query parameter of this name')
    }
  }
}

function addressOf(name: string) {
  return { in: 'query', pointer: name.slice(0, 40), position: undefined } as const
}
