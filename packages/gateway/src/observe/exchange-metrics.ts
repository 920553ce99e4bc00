import type { Metric, Registry } from 'prom-client'
import type { Exchange } from '../exchange/exchange.ts'
import type { Route } from '../exchange/route.ts'
import type { TouchedData } from '../exchange/touched-data.ts'
import type { TrailEntry } from '../exchange/trail.ts'

/** The upper bounds of the buckets, seconds. */
export const bucketSeconds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

interface Series {
  readonly labels: Readonly<Record<string, string>>
  count: number
}

/** Counts of what took how long, with the labels they are counted under. */
export interface TimedSeries extends Series {
  /** Seconds. */
  sum: number
  /** How many took at most each of `bucketSeconds` and longer than the one before. */
  readonly buckets: Float64Array
}

/** The series of one route, so that no key is put together to find them. */
interface RouteSeries {
  /** By method, then by status: that of an unencrypted exchange below zero. */
  readonly requests: Map<string, Map<number, TimedSeries>>
  upstream: TimedSeries | undefined
}

/**
 * Counts of exchanges and verdicts, kept as plain numbers under one string key each and turned into Prometheus'
 * form only when it asks: counting costs a few look-ups. Labels are templates and names from the configuration,
 * and past `maxSeries` everything new is counted as `(other)`.
 */
export class ExchangeMetrics {
  readonly #requests = new Map<string, TimedSeries>()
  readonly #upstream = new Map<string, TimedSeries>()
  // By guard, then by verdict and mode: no key is put together for the dozen verdicts of every exchange.
  readonly #verdicts = new Map<string, Float64Array>()
  readonly #rules = new Map<string, Series>()
  readonly #touched = new Map<string, Series>()
  readonly #routes = new WeakMap<Route, RouteSeries>()
  readonly #maxSeries: number

  constructor(registry: Registry, maxSeries: number) {
    this.#maxSeries = maxSeries
    register(
      registry,
      'gateward_http_requests_total',
      'Exchanges by API, operation, method and status code.',
      'counter',
      () => counterValues(sumBy(this.#requests, ['api', 'operation', 'method', 'code'])),
    )
    register(
      registry,
      'gateward_http_request_duration_seconds',
      'From the head of the request to the last byte of the answer.',
      'histogram',
      () =>
        histogramValues(
          'gateward_http_request_duration_seconds',
          sumBy(this.#requests, ['api', 'operation']),
        ),
    )
    register(
      registry,
      'gateward_upstream_response_seconds',
      'From forwarding to the head of the upstream answer.',
      'histogram',
      () => histogramValues('gateward_upstream_response_seconds', this.#upstream),
    )
    register(
      registry,
      'gateward_guard_verdicts_total',
      'Verdicts other than pass, and passes, by guard and mode.',
      'counter',
      () => verdictValues(this.#verdicts),
    )
    register(
      registry,
      'gateward_waf_rule_matches_total',
      'Matches of WAF rules that log, by rule id, in shadow too.',
      'counter',
      () => counterValues(this.#rules),
    )
    register(
      registry,
      'gateward_classified_values_total',
      'Values of data classes that were encrypted, searched by, decrypted, revealed or concealed, by API and class.',
      'counter',
      () => counterValues(this.#touched),
    )
  }

  /** Every exchange by `api`, `operation`, `route`, `method`, `code` and `scheme`. */
  exchanges(): readonly TimedSeries[] {
    return [...this.#requests.values()]
  }

  /** @param duration milliseconds */
  count(exchange: Exchange, duration: number): void {
    const { route, answeredTick, trail } = exchange
    const known = this.#seriesOf(route)
    const { method, secure } = exchange.request
    time(this.#requestsOf(route, known, method, exchange.answer?.status ?? 0, secure), duration)
    if (answeredTick > 0) {
      known.upstream ??= this.#timedSeries(this.#upstream, route)
      time(known.upstream, answeredTick - exchange.forwardedTick)
    }
    for (const { id } of exchange.rules?.matches ?? []) this.#countRule(id)
    if (exchange.touched !== undefined) this.#countTouched(route.api, exchange.touched)
    for (let index = 0; index < trail.length; index++) this.#countVerdict(trail[index] as TrailEntry)
  }

  #countRule(id: number): void {
    const series = this.#find(this.#rules, String(id), () => ({ labels: { rule: String(id) }, count: 0 }))
    series.count++
  }

  #countTouched(api: string, { byClass }: TouchedData): void {
    for (const [dataClass, counts] of byClass)
      for (const [action, count] of Object.entries(counts)) {
        if (count === 0) continue
        const labels = { api, class: dataClass, action }
        this.#find(this.#touched, `${api} ${dataClass} ${action}`, () => ({ labels, count: 0 })).count +=
          count
      }
  }

  #seriesOf(route: Route): RouteSeries {
    const known = this.#routes.get(route)
    if (known !== undefined) return known
    const series = { requests: new Map<string, Map<number, TimedSeries>>(), upstream: undefined }
    this.#routes.set(route, series)
    return series
  }

  #requestsOf(route: Route, known: RouteSeries, asked: string, status: number, secure: boolean): TimedSeries {
    const place = secure ? status : -1 - status
    const found = known.requests.get(asked)?.get(place)
    if (found !== undefined) return found
    const { api, operationId: operation, template } = route
    const method = knownMethods.has(asked) ? asked : '(other)'
    const scheme = secure ? 'https' : 'http'
    const labels = { api, operation, route: template, method, code: String(status), scheme }
    const key = `${api} ${operation} ${method} ${status} ${scheme}`
    const series = this.#find(this.#requests, key, () => newTimedSeries(labels))
    // Methods that a client makes up are looked up each time, so that they cannot fill memory.
    if (method === '(other)') return series
    const byPlace = known.requests.get(method) ?? new Map<number, TimedSeries>()
    known.requests.set(method, byPlace.set(place, series))
    return series
  }

  #countVerdict({ guard, verdict, mode }: TrailEntry): void {
    let counts = this.#verdicts.get(guard)
    if (counts === undefined) {
      counts = new Float64Array(verdicts.length * modes.length)
      this.#verdicts.set(guard, counts)
    }
    const place = verdicts.indexOf(verdict) * modes.length + modes.indexOf(mode)
    counts[place] = (counts[place] ?? 0) + 1
  }

  #timedSeries(all: Map<string, TimedSeries>, { api, operationId }: Route): TimedSeries {
    return this.#find(all, `${api} ${operationId}`, () => newTimedSeries({ api, operation: operationId }))
  }

  #find<Kind extends Series>(all: Map<string, Kind>, key: string, create: () => Kind): Kind {
    const found = all.get(key)
    if (found !== undefined) return found
    const full = all.size >= this.#maxSeries
    const existing = full ? all.get('(other)') : undefined
    if (existing !== undefined) return existing
    const series = create()
    if (full) {
      const labels = Object.fromEntries(Object.keys(series.labels).map((label) => [label, '(other)']))
      const overflow = { ...series, labels }
      all.set('(other)', overflow)
      return overflow
    }
    all.set(key, series)
    return series
  }
}

function newTimedSeries(labels: Readonly<Record<string, string>>): TimedSeries {
  return { labels, count: 0, sum: 0, buckets: new Float64Array(bucketSeconds.length) }
}

/** The same counts under fewer labels. */
function sumBy(
  all: ReadonlyMap<string, TimedSeries>,
  names: readonly string[],
): ReadonlyMap<string, TimedSeries> {
  const sums = new Map<string, TimedSeries>()
  for (const { labels, count, sum, buckets } of all.values()) {
    const kept = Object.fromEntries(names.map((name) => [name, labels[name] ?? '']))
    const key = JSON.stringify(kept)
    const total = sums.get(key) ?? newTimedSeries(kept)
    sums.set(key, total)
    total.count += count
    total.sum += sum
    for (let bucket = 0; bucket < buckets.length; bucket++)
      total.buckets[bucket] = (total.buckets[bucket] ?? 0) + (buckets[bucket] ?? 0)
  }
  return sums
}

function time(series: TimedSeries, milliseconds: number): void {
  const seconds = milliseconds / 1_000
  series.count++
  series.sum += seconds
  for (let bucket = 0; bucket < bucketSeconds.length; bucket++) {
    if (seconds > (bucketSeconds[bucket] as number)) continue
    series.buckets[bucket] = (series.buckets[bucket] as number) + 1
    return
  }
}

const verdicts: readonly TrailEntry['verdict'][] = ['pass', 'refuse', 'answer', 'fault']
const modes: readonly TrailEntry['mode'][] = ['enforce', 'shadow']

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])

interface Sample {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

function register(
  registry: Registry,
  name: string,
  help: string,
  type: 'counter' | 'histogram',
  samples: () => Sample[],
): void {
  // The registry only ever calls `get` of what it holds; its type wants the whole class of a metric it counts itself.
  const metric = {
    name,
    help,
    type,
    get: () => Promise.resolve({ name, help, type, values: samples(), aggregator: 'sum' }),
  }
  registry.registerMetric(metric as unknown as Metric)
}

function counterValues(all: ReadonlyMap<string, Series>): Sample[] {
  return [...all.values()].map(({ labels, count }) => ({ labels, value: count }))
}

function verdictValues(all: ReadonlyMap<string, Float64Array>): Sample[] {
  return [...all].flatMap(([guard, counts]) =>
    verdicts.flatMap((verdict, row) =>
      modes.flatMap((mode, column) => {
        const value = counts[row * modes.length + column] ?? 0
        return value === 0 ? [] : [{ labels: { guard, verdict, mode }, value }]
      }),
    ),
  )
}

function histogramValues(name: string, all: ReadonlyMap<string, TimedSeries>): Sample[] {
  const samples: Sample[] = []
  for (const { labels, count, sum, buckets } of all.values()) {
    let cumulative = 0
    bucketSeconds.forEach((bound, index) => {
      cumulative += buckets[index] ?? 0
      samples.push({
        metricName: `${name}_bucket`,
        labels: { ...labels, le: String(bound) },
        value: cumulative,
      })
    })
    samples.push({ metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count })
    samples.push(
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    )
  }
  return samples
}
