/** Whose traffic is looked at, within an API. */
export type Dimension = 'consumer' | 'key' | 'address' | 'country' | 'operation' | 'api'

/** What is counted of it in each window. */
export type Measure =
  | 'requests'
  | 'bytes'
  | 'authentication-failures'
  | 'limit-violations'
  | 'errors'
  | 'refusals'
  | 'distinct-objects'
  | 'new-operations'
  | 'rare-sequences'

/** Measures in the order in which a subject keeps them. */
export const measures: readonly Measure[] = [
  'requests',
  'bytes',
  'authentication-failures',
  'limit-violations',
  'errors',
  'refusals',
  'distinct-objects',
  'new-operations',
  'rare-sequences',
]

/** The window in which things are counted together, and the long one for what is done slowly. Milliseconds. */
export const shortWindow = 300_000
export const longWindow = 3_600_000

interface Floors {
  readonly short: number
  /** Left out: nothing that is done slowly is looked for. */
  readonly long?: number
}

const megabyte = 1_048_576

/**
 * The least of each measure that is worth a person's time, in one window, whatever the baseline says; a measure that is
 * not named is not looked at for that dimension.
 */
const floors: Readonly<Record<Dimension, Partial<Readonly<Record<Measure, Floors>>>>> = {
  consumer: caller(),
  key: caller(),
  address: { ...caller(), 'authentication-failures': { short: 25, long: 60 } },
  country: { requests: { short: 500 }, 'authentication-failures': { short: 60 } },
  operation: { requests: { short: 500 }, errors: { short: 25 } },
  api: {
    requests: { short: 1_000 },
    bytes: { short: 100 * megabyte },
    'authentication-failures': { short: 60, long: 200 },
    'limit-violations': { short: 100 },
    errors: { short: 30 },
  },
}

function caller(): Partial<Record<Measure, Floors>> {
  return {
    requests: { short: 250 },
    bytes: { short: 20 * megabyte },
    'limit-violations': { short: 40 },
    refusals: { short: 40, long: 100 },
    'distinct-objects': { short: 60, long: 150 },
    'new-operations': { short: 4 },
    'rare-sequences': { short: 15 },
  }
}

/** A measure that is looked at, and the least of it that matters in one window. */
export interface Watched {
  readonly measure: Measure
  readonly least: number
}

/** What is looked at of a dimension in the short and in the long window. */
export function watchedOf(dimension: Dimension, window: 'short' | 'long'): readonly Watched[] {
  return watched[window][dimension]
}

const watched = { short: listWatched('short'), long: listWatched('long') }

function listWatched(window: 'short' | 'long'): Readonly<Record<Dimension, readonly Watched[]>> {
  const list = (dimension: Dimension): readonly Watched[] =>
    measures.flatMap((measure) => {
      const least = floors[dimension][measure]?.[window]
      return least === undefined ? [] : [{ measure, least }]
    })
  return {
    consumer: list('consumer'),
    key: list('key'),
    address: list('address'),
    country: list('country'),
    operation: list('operation'),
    api: list('api'),
  }
}

/** Requests below which no measure of a window but bytes can matter. */
export const fewestRequests = 4
