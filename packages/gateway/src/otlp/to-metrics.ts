import { bucketSeconds, type TimedSeries } from '../observe/exchange-metrics.ts'
import { toAttributes, toNanoseconds, type Attribute, type KeyValue } from './values.ts'

/** A metric as the registry of `/metrics` gives it. */
export interface GatheredMetric {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: readonly {
    readonly metricName?: string
    readonly labels: Readonly<Record<string, string | number | undefined>>
    readonly value: number
  }[]
}

/** When counting began and when this was read, milliseconds since the Unix epoch. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** Sums since the start (OTLP's AGGREGATION_TEMPORALITY_CUMULATIVE), so that one lost export loses nothing. */
const cumulative = 2

/** Both of these are told by `http.server.request.duration` in OpenTelemetry's own words. */
const toldOtherwise: ReadonlySet<string> = new Set([
  'gateward_http_requests_total',
  'gateward_http_request_duration_seconds',
])

/** Everything that `/metrics` shows, as metrics of OTLP's JSON. */
export function toMetrics(
  gathered: readonly GatheredMetric[],
  exchanges: readonly TimedSeries[],
  interval: Interval,
): readonly object[] {
  const own = gathered
    .filter(({ name, values }) => !toldOtherwise.has(name) && values.length > 0)
    .map((metric) => toMetric(metric, interval))
  return exchanges.length === 0 ? own : [toRequestDuration(exchanges, interval), ...own]
}

function toRequestDuration(exchanges: readonly TimedSeries[], interval: Interval): object {
  return {
    name: 'http.server.request.duration',
    description: 'Duration of HTTP server requests.',
    unit: 's',
    histogram: {
      aggregationTemporality: cumulative,
      dataPoints: exchanges.map(({ labels, count, sum, buckets }) => ({
        ...point(exchangeAttributes(labels), interval),
        count: String(count),
        sum,
        explicitBounds: bucketSeconds,
        bucketCounts: toCounts([...buckets], count),
      })),
    },
  }
}

function exchangeAttributes(labels: TimedSeries['labels']): Readonly<Record<string, Attribute>> {
  const { api, operation, route, method, code, scheme } = labels
  const status = Number(code)
  return {
    'http.request.method': method === '(other)' ? '_OTHER' : method,
    'url.scheme': scheme,
    'http.route': route === '(none)' ? undefined : route,
    'http.response.status_code': status > 0 ? status : undefined,
    'error.type': status >= 500 ? code : status === 0 ? 'aborted' : undefined,
    'gateward.api': api,
    'gateward.operation': operation,
  }
}

function toMetric(metric: GatheredMetric, interval: Interval): object {
  const { name, unit } = toName(metric)
  const head = { name, description: metric.help, unit }
  if (metric.type === 'histogram') return { ...head, histogram: toHistogram(metric, interval) }
  // JSON has no word for what is no number, such as the mean of nothing.
  const dataPoints = metric.values.flatMap(({ labels, value }) =>
    Number.isFinite(value) ? [{ ...point(labelAttributes(labels), interval), asDouble: value }] : [],
  )
  return metric.type === 'counter'
    ? { ...head, sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } }
    : { ...head, gauge: { dataPoints } }
}

/** `gateward_guard_verdicts_total` is `gateward.guard_verdicts` here: units and kinds stand beside a name, not in it. */
function toName({ name, type }: GatheredMetric): { readonly name: string; readonly unit: string } {
  const bare = type === 'counter' ? name.replace(/_total$/, '') : name
  const unit = bare.endsWith('_seconds') ? 's' : bare.endsWith('_bytes') ? 'By' : '1'
  return { name: bare.replace(/_(?:seconds|bytes)$/, '').replace('_', '.'), unit }
}

/** Prometheus counts each bucket with those below it, under the label `le`; OTLP counts each alone. */
function toHistogram({ name, values }: GatheredMetric, interval: Interval): object {
  const points = new Map<string, Distribution>()
  for (const { metricName, labels, value } of values) {
    const { le, ...rest } = labels
    const key = JSON.stringify(rest)
    const known = points.get(key) ?? { labels: rest, bounds: [], upTo: [], sum: 0, count: 0 }
    points.set(key, known)
    if (metricName === `${name}_sum`) known.sum = value
    else if (metricName === `${name}_count`) known.count = value
    else if (le !== '+Inf') {
      known.bounds.push(Number(le))
      known.upTo.push(value)
    }
  }
  return {
    aggregationTemporality: cumulative,
    dataPoints: Array.from(points.values(), (each) => toHistogramPoint(each, interval)),
  }
}

interface Distribution {
  readonly labels: Labels
  readonly bounds: number[]
  /** For each bound, how many are at most as large. */
  readonly upTo: number[]
  sum: number
  count: number
}

function toHistogramPoint({ labels, bounds, upTo, sum, count }: Distribution, interval: Interval): object {
  const buckets = upTo.map((value, index) => value - (upTo[index - 1] ?? 0))
  return {
    ...point(labelAttributes(labels), interval),
    count: String(count),
    sum,
    explicitBounds: bounds,
    bucketCounts: toCounts(buckets, count),
  }
}

type Labels = GatheredMetric['values'][number]['labels']

/** With the bucket of what is over every bound, as decimal strings. */
function toCounts(buckets: readonly number[], count: number): readonly string[] {
  const over = count - buckets.reduce((sum, each) => sum + each, 0)
  return [...buckets, over].map(String)
}

function labelAttributes(labels: Labels): Readonly<Record<string, Attribute>> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value]))
}

function point(
  attributes: Readonly<Record<string, Attribute>>,
  { from, to }: Interval,
): { readonly attributes: readonly KeyValue[]; startTimeUnixNano: string; timeUnixNano: string } {
  return {
    attributes: toAttributes(attributes),
    startTimeUnixNano: toNanoseconds(from),
    timeUnixNano: toNanoseconds(to),
  }
}
