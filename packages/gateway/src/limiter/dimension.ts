import type { Exchange } from '../exchange/exchange.ts'

/** What a limit can count by. */
export type Dimension =
  'address' | 'host' | 'operation' | 'api' | 'consumer' | 'key' | 'tier' | `header:${string}`

type Read = (exchange: Exchange) => string

const readers: Readonly<Record<Exclude<Dimension, `header:${string}`>, Read>> = {
  address: (exchange) => exchange.client.key,
  host: (exchange) => exchange.request.host,
  operation: (exchange) => exchange.route.operationId,
  api: (exchange) => exchange.route.family,
  consumer: readConsumer,
  key: readKey,
  tier: (exchange) => (exchange.principal.kind === 'known' ? (exchange.principal.tier ?? '') : ''),
}

/**
 * Compiles dimensions to a function that names whom a request counts for. Different callers never get the same
 * name: of several values each is preceded by its length, so no value can imitate the boundary to the next.
 */
export function compileKey(dimensions: readonly Dimension[]): Read {
  const parts = dimensions.map((dimension) => ({ label: `${dimension}=`, read: readerOf(dimension) }))
  const [only] = parts
  if (only !== undefined && parts.length === 1) return (exchange) => only.label + only.read(exchange)
  return (exchange) => {
    let key = ''
    for (const { label, read } of parts) {
      const value = read(exchange)
      key += `${label}${value.length}:${value} `
    }
    return key
  }
}

function readerOf(dimension: Dimension): Read {
  if (!dimension.startsWith('header:')) return readers[dimension as keyof typeof readers]
  const name = dimension.slice('header:'.length).toLowerCase()
  return (exchange) => exchange.request.headers.getJoined(name) ?? ''
}

/** Nobody is anonymous twice: callers without a name count by their address. */
function readConsumer(exchange: Exchange): string {
  const { principal, client } = exchange
  return principal.kind === 'known' ? `known ${principal.consumer}` : `anonymous ${client.key}`
}

function readKey(exchange: Exchange): string {
  const { principal, client } = exchange
  if (principal.kind !== 'known') return `anonymous ${client.key}`
  return `known ${principal.credentials[0]?.id ?? principal.consumer}`
}
