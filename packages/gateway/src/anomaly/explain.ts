import type { Dimension, Measure } from './measure.ts'
import type { Usual } from './seasonal-baseline.ts'
import type { Whereabout } from './whereabouts.ts'

/** A count that is beyond the usual. */
export interface CountExcess {
  readonly measure: Measure
  readonly dimension: Dimension
  readonly api: string
  readonly name: string
  readonly window: 'short' | 'long'
  readonly value: number
  readonly usual: Usual
  readonly basis: 'own' | 'peers' | 'none'
}

/** Says in one sentence, with numbers, what was seen and what it was compared with. */
export function explainCount({
  measure,
  dimension,
  api,
  name,
  window,
  value,
  usual,
  basis,
}: CountExcess): string {
  const who = dimension === 'api' ? `API ${api}` : `${dimension} ${name} of ${api}`
  const span = window === 'short' ? '5 minutes' : 'an hour'
  const seen = `${who}: ${amount(measure, value)} within ${span}`
  const limit = amount(measure, usual.limit)
  if (basis === 'none')
    return `${seen}; too little is known of it yet, and no caller should go beyond ${limit}.`
  const times = usual.expected >= 1 ? `, ${(value / usual.expected).toFixed(1)} times the usual` : ''
  const against = basis === 'own' ? 'usual for it at this time' : 'usual for its peers'
  return `${seen}${times}; ${against}: ${amount(measure, usual.expected)}, up to ${limit}.`
}

/** Says in one sentence from where a caller came, and from where before. */
export function explainWhereabout(name: string, found: Whereabout): string {
  switch (found.measure) {
    case 'new-country':
      return `consumer ${name} called from ${found.country}; until now always from ${found.known.join(', ')}.`
    case 'network-change':
      return `consumer ${name} called from AS${found.network}; until now always from ${found.known.map((number) => `AS${number}`).join(', ')}.`
    case 'impossible-travel': {
      const { from, to, journey, minutes } = found
      return `consumer ${name} called from ${from.country ?? 'elsewhere'} and ${minutes} min later from ${to.country ?? 'elsewhere'}: at least ${journey.kilometres} km, ${journey.speed} km/h.`
    }
  }
}

const words: Readonly<Record<Measure, string>> = {
  requests: 'requests',
  bytes: 'MB',
  'authentication-failures': 'failed authentications',
  'limit-violations': 'requests over a limit',
  errors: 'errors (5xx)',
  refusals: 'answers of 403, 404, 405 or 422',
  'distinct-objects': 'different objects',
  'new-operations': 'operations that it never called before',
  'rare-sequences': 'calls in an order that nobody else uses',
}

function amount(measure: Measure, value: number): string {
  const shown = measure === 'bytes' ? value / 1_048_576 : value
  return `${shown >= 10 || Number.isInteger(shown) ? Math.round(shown).toLocaleString('en') : shown.toFixed(1)} ${words[measure]}`
}
