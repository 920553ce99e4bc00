import type { Clock } from '@gateward/kernel'
import { LatencySketch } from '../sketch/latency-sketch.ts'
import { mergeLatency } from '../sketch/merge-latency.ts'
import type { HistoryStore, Rollup, RollupDimension, RollupRow, RollupStep } from '../store/history-store.ts'
import type { HistoryRecorder } from './history-recorder.ts'

/** A range of time, in milliseconds since the Unix epoch. */
interface TimeRange {
  readonly from: number
  /** Not within the range itself. */
  readonly to: number
}

/** Whose traffic: one operation's, one API's, or all. */
interface TrafficQuestion extends TimeRange {
  /** The length of each point in seconds: a whole number. */
  readonly step: number
  readonly api?: string | undefined
  /** The id of an operation of `api`. */
  readonly operation?: string | undefined
}

/** Counts of one step of time, or of one name over a range. */
interface Counts {
  readonly requests: number
  readonly refused: number
  readonly status2xx: number
  readonly status3xx: number
  readonly status4xx: number
  readonly status5xx: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** Milliseconds below which half, 95 % and 99 % of the exchanges were done; `undefined` where there were none. */
interface Quantiles {
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

interface TrafficPoint extends Counts, Quantiles {
  readonly start: number
}

/** Refusals of one guard; `shadow` are those that were not carried out. */
interface GuardRefusals {
  readonly guard: string
  readonly points: readonly { readonly start: number; readonly refused: number; readonly shadow: number }[]
}

interface NamedCounts extends Counts, Quantiles {
  readonly name: string
}

/** What traffic was like: seconds for an hour, minutes for a week, hours for a year. */
export interface History {
  /** One point for each step in which something happened, oldest first. */
  traffic(question: TrafficQuestion): Promise<readonly TrafficPoint[]>
  refusals(question: TimeRange & { readonly step: number }): Promise<readonly GuardRefusals[]>
  /** The names with most requests; an operation's name is `<api> <operation>`. `(other)` holds the small ones. */
  top(
    question: TimeRange & { readonly dimension: RollupDimension; readonly limit: number },
  ): Promise<readonly NamedCounts[]>
}

/** Answers from what is stored, and from the minute that is not over yet. */
export function createHistory(options: {
  readonly store: HistoryStore
  readonly recorder: Pick<HistoryRecorder, 'open'>
  readonly clock: Clock
}): History {
  const { store, recorder, clock } = options
  const rows = async (
    range: TimeRange & { readonly step: number; readonly dimension: RollupDimension; readonly name?: string },
  ): Promise<readonly RollupRow[]> => {
    const { dimension, name } = range
    const step = baseStep(range, clock.now())
    const stored = await store.read({ step, dimension, name, ...alignedRange(range, step) })
    if (step === 1) return stored
    const open = recorder.open(dimension)
    if (open.start >= range.to || open.start + 60_000 <= range.from) return stored
    const current = open.rollups.filter((rollup) => name === undefined || rollup.name === name)
    const place = { step, dimension, start: open.start }
    return [...stored, ...current.map((rollup) => Object.assign({}, rollup, place))]
  }
  return {
    async traffic({ api, operation, ...range }) {
      const found = await rows({ ...range, ...toSubject(api, operation) })
      return groupBy(found, ({ start }) => floor(start, range.step))
        .map(([start, group]) => Object.assign({ start }, summarize(group)))
        .sort((left, right) => left.start - right.start)
    },
    async refusals(range) {
      const found = await rows({ ...range, dimension: 'guard' })
      return groupBy(found, ({ name }) => name).map(([guard, ofGuard]) => ({
        guard,
        points: groupBy(ofGuard, ({ start }) => floor(start, range.step)).map(([start, group]) => {
          const { requests, refused } = summarize(group)
          return { start, refused, shadow: requests - refused }
        }),
      }))
    },
    async top({ dimension, limit, ...range }) {
      const step = baseStep({ ...range, step: 3600 }, clock.now(), dimension)
      const sums = await store.sum({ step, dimension, ...alignedRange(range, step), limit: 1_000 })
      const open = recorder.open(dimension)
      const isOpenWithin = open.start < range.to && open.start + 60_000 > range.from
      return groupBy([...sums, ...(isOpenWithin ? open.rollups : [])], ({ name }) => name)
        .map(([name, group]) => Object.assign({ name }, summarize(group)))
        .sort((left, right) => right.requests - left.requests)
        .slice(0, limit)
    },
  }
}

function toSubject(
  api: string | undefined,
  operation: string | undefined,
): { readonly dimension: RollupDimension; readonly name: string } {
  if (api === undefined) return { dimension: 'all', name: '' }
  if (operation === undefined) return { dimension: 'api', name: api }
  return { dimension: 'operation', name: `${api} ${operation}` }
}

/** The coarsest stored step that divides the asked one, and is still kept where the range begins. */
function baseStep(
  { from, to, step }: TimeRange & { readonly step: number },
  now: number,
  dimension?: RollupDimension,
): RollupStep {
  const isRecent = from >= now - 7 * 86_400_000
  if (!isRecent) return 3600
  if (step % 3600 === 0 && to - from > 2 * 86_400_000) return 3600
  // Seconds are kept for the hour, and not of every dimension.
  if (step % 60 === 0 || from < now - 3_600_000 || dimension !== undefined) return 60
  return 1
}

/** The range from the start of the step in which it begins. */
function alignedRange({ from, to }: TimeRange, step: RollupStep): TimeRange {
  return { from: floor(from, step), to }
}

function summarize(rollups: readonly Rollup[]): Counts & Quantiles {
  const sum = (read: (rollup: Rollup) => number): number =>
    rollups.reduce((total, each) => total + read(each), 0)
  const merged = rollups.reduce<Uint8Array | undefined>(
    (all, { latency }) => mergeLatency(all, latency),
    undefined,
  )
  const sketch = merged === undefined ? undefined : LatencySketch.fromBytes(merged)
  return {
    requests: sum(({ requests }) => requests),
    refused: sum(({ refused }) => refused),
    status2xx: sum(({ status2xx }) => status2xx),
    status3xx: sum(({ status3xx }) => status3xx),
    status4xx: sum(({ status4xx }) => status4xx),
    status5xx: sum(({ status5xx }) => status5xx),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    p50: sketch?.quantile(0.5),
    p95: sketch?.quantile(0.95),
    p99: sketch?.quantile(0.99),
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): (readonly [Key, Item[]])[] {
  return [...Map.groupBy(items, keyOf)]
}

function floor(time: number, seconds: number): number {
  const length = seconds * 1_000
  return time - (time % length)
}
