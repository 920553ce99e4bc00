import type { CanonicalPath } from './canonical-path.ts'
import { Exchange } from './exchange.ts'
import { HeaderList } from './header-list.ts'
import type { Route } from './route.ts'

/** What a test says of a request; the rest is a plain GET of `/` over TLS from 192.0.2.1. */
export interface TestRequest {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly host?: string
  readonly address?: string
  readonly secure?: boolean
  readonly hasBody?: boolean
  readonly route?: Route
  readonly pathParameters?: readonly string[]
  readonly now?: number
}

/** An open exchange for the tests of guards. */
export function openTestExchange(request: TestRequest = {}): Exchange {
  const path = request.path ?? '/'
  const query = request.query ?? ''
  const address = request.address ?? '192.0.2.1'
  const exchange = new Exchange({
    id: '01TESTTESTTESTTESTTESTTEST',
    startedAt: request.now ?? 1_700_000_000_000,
    startedTick: 0,
    request: {
      method: request.method ?? 'GET',
      target: query === '' ? path : `${path}?${query}`,
      path: path as CanonicalPath,
      query,
      headers: new HeaderList(
        Object.entries(request.headers ?? {}).flatMap(([name, value]) => [name.toLowerCase(), value]),
      ),
      host: request.host ?? 'api.example',
      protocol: 'http/1.1',
      secure: request.secure ?? true,
      contentLength: request.hasBody === true ? undefined : 0,
      hasBody: request.hasBody ?? false,
      upgrade: undefined,
    },
    client: { text: address, key: address, peer: address, forwarded: false },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    defect: undefined,
  })
  if (request.route !== undefined) exchange.route = request.route
  exchange.pathParameters = request.pathParameters ?? []
  return exchange
}
