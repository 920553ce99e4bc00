import type { Place } from '../geography/geography.ts'
import type { GatewardEvent, RefusalEvent, RequestEvent } from '../observe/events/event.ts'
import { latencyBucket, LatencySketch } from '../sketch/latency-sketch.ts'
import { otherName, type Rollup, type RollupDimension } from '../store/history-store.ts'

/** Counts of one name that go on growing. */
interface Tally {
  requests: number
  refused: number
  status2xx: number
  status3xx: number
  status4xx: number
  status5xx: number
  bytesIn: number
  bytesOut: number
  readonly latency: LatencySketch | undefined
}

/** Names of one dimension that a window tells apart; what comes later is counted as `(other)`. */
const mostNames = 1_024

const timedDimensions: ReadonlySet<RollupDimension> = new Set(['all', 'api', 'operation'])

/** What happened within one step of time, by dimension and name; bounded whatever comes. */
export class RollupWindow {
  readonly #tallies = new Map<RollupDimension, Map<string, Tally>>()

  /** Counts one event; those that say nothing of traffic change nothing. */
  add(event: GatewardEvent, locate: (address: string) => Place): void {
    if (event.kind === 'request') this.#addRequest(event, locate)
    else if ('guard' in event && event.kind !== 'guard-fault') this.#addRefusal(event)
  }

  merge(other: RollupWindow): void {
    for (const [dimension, name, tally] of other.entries()) addTally(this.#find(dimension, name), tally)
  }

  *entries(): Generator<readonly [dimension: RollupDimension, name: string, tally: Tally]> {
    for (const [dimension, names] of this.#tallies)
      for (const [name, tally] of names) yield [dimension, name, tally]
  }

  /** One dimension in stored form: the `keep` largest names, and the others together. */
  rollups(dimension: RollupDimension, keep: number): readonly Rollup[] {
    const all = [...(this.#tallies.get(dimension) ?? [])]
    const named = all
      .filter(([name]) => name !== otherName)
      .sort(([, one], [, two]) => two.requests - one.requests)
    const rest = [...named.slice(keep), ...all.filter(([name]) => name === otherName)]
    const kept = named.slice(0, keep).map(([name, tally]) => toRollup(name, tally))
    if (rest.length === 0) return kept
    const together = createTally(timedDimensions.has(dimension))
    for (const [, tally] of rest) addTally(together, tally)
    return [...kept, toRollup(otherName, together)]
  }

  #addRequest(event: RequestEvent, locate: (address: string) => Place): void {
    const bucket = latencyBucket(event.duration)
    count(this.#find('all', ''), event, bucket)
    count(this.#find('api', event.api), event, bucket)
    count(this.#find('operation', operationName(event.api, event.operation)), event, bucket)
    count(this.#find('address', event.block), event, bucket)
    if (event.consumer !== undefined) count(this.#find('consumer', event.consumer), event, bucket)
    const { country } = locate(event.client)
    if (country !== undefined) count(this.#find('country', country), event, bucket)
  }

  #addRefusal({ guard, mode }: RefusalEvent): void {
    const tally = this.#find('guard', guard)
    tally.requests++
    if (mode === 'enforce') tally.refused++
  }

  #find(dimension: RollupDimension, name: string): Tally {
    let names = this.#tallies.get(dimension)
    if (names === undefined) this.#tallies.set(dimension, (names = new Map()))
    const found = names.get(name)
    if (found !== undefined) return found
    if (names.size >= mostNames && name !== otherName) return this.#find(dimension, otherName)
    const tally = createTally(timedDimensions.has(dimension))
    names.set(name, tally)
    return tally
  }
}

const operationNames = new Map<string, Map<string, string>>()

// The same few names again and again: one that is put together anew would have to be hashed anew, too.
function operationName(api: string, operation: string): string {
  let names = operationNames.get(api)
  if (names === undefined) {
    if (operationNames.size >= mostNames) operationNames.clear()
    operationNames.set(api, (names = new Map()))
  }
  const known = names.get(operation)
  if (known !== undefined) return known
  const name = `${api} ${operation}`
  if (names.size < mostNames) names.set(operation, name)
  return name
}

function createTally(isTimed: boolean): Tally {
  return {
    requests: 0,
    refused: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    bytesIn: 0,
    bytesOut: 0,
    latency: isTimed ? new LatencySketch() : undefined,
  }
}

function count(tally: Tally, { status, code, bytesIn, bytesOut }: RequestEvent, bucket: number): void {
  tally.requests++
  // What failed has a code, too, and is no refusal.
  if (code !== undefined && status < 500) tally.refused++
  if (status >= 500) tally.status5xx++
  else if (status >= 400) tally.status4xx++
  else if (status >= 300) tally.status3xx++
  else if (status >= 200) tally.status2xx++
  tally.bytesIn += bytesIn
  tally.bytesOut += bytesOut
  tally.latency?.addToBucket(bucket)
}

function addTally(into: Tally, from: Tally): void {
  into.requests += from.requests
  into.refused += from.refused
  into.status2xx += from.status2xx
  into.status3xx += from.status3xx
  into.status4xx += from.status4xx
  into.status5xx += from.status5xx
  into.bytesIn += from.bytesIn
  into.bytesOut += from.bytesOut
  if (from.latency !== undefined) into.latency?.merge(from.latency)
}

function toRollup(name: string, { latency, ...counts }: Tally): Rollup {
  return { name, ...counts, latency: latency?.toBytes() }
}
