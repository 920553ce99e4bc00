import type { Exchange } from '../exchange/exchange.ts'
import type { UpstreamDestination } from '../site/site.ts'

/** Path and query for the upstream: the bytes that were decided on, less the credentials that the query carried. */
export function forwardTarget(exchange: Exchange, destination: UpstreamDestination): string {
  const path = exchange.forwardedPath ?? exchange.request.path
  const query = exchange.forwardedQuery ?? exchange.request.query
  const stripped = destination.strip === '' ? path : path.slice(destination.strip.length) || '/'
  const target = destination.prefix === '' ? stripped : destination.prefix + stripped
  if (query === '') return target
  if (exchange.consumedQuery.length === 0) return `${target}?${query}`
  const kept = query.split('&').filter((pair) => !exchange.consumedQuery.includes(queryName(pair)))
  return kept.length === 0 ? target : `${target}?${kept.join('&')}`
}

function queryName(pair: string): string {
  const name = pair.split('=', 1)[0] ?? ''
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
