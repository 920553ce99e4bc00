import type { CanonicalPath } from '../exchange/canonical-path.ts'
import { Exchange } from '../exchange/exchange.ts'
import { HeaderList } from '../exchange/header-list.ts'
import type { Plan } from '../site/site.ts'

/** An exchange that nobody asked for: what guards look at when the gateway itself rewrites an object. */
export function openOwnExchange(
  plan: Plan,
  method: string,
  path: string,
  claims: Record<string, unknown>,
): Exchange {
  const exchange = new Exchange({
    id: 'reencrypt',
    startedAt: Date.now(),
    startedTick: performance.now(),
    request: {
      method,
      target: path,
      // Made here of a template and encoded values, so that it has one reading.
      path: path as CanonicalPath,
      query: '',
      headers: new HeaderList([]),
      host: 'localhost',
      protocol: 'http/1.1',
      secure: true,
      contentLength: undefined,
      hasBody: true,
      upgrade: undefined,
    },
    client: { text: '127.0.0.1', key: '127.0.0.1', peer: '127.0.0.1', forwarded: false },
    traceparent: '',
    defect: undefined,
  })
  exchange.route = plan.route
  exchange.identify({
    kind: 'known',
    consumer: 'gateward',
    label: 'gateward fields reencrypt',
    tier: undefined,
    scopes: new Set(),
    roles: new Set(),
    claims,
    credentials: [],
  })
  return exchange
}
