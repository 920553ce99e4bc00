import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The careless service behind the demo's gateway. */
export interface OrdersService extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
}

interface Order {
  readonly id: string
  item: string
  quantity: number
  status: 'open' | 'paid' | 'shipped' | 'cancelled'
  note?: string
  shipTo?: unknown
  // What the gate makes of an e-mail address before the service sees it.
  email?: string
  emailIndex?: string
  readonly placedAt: string
  // What follows no contract declares, and the service sends all the same.
  readonly costPrice: number
  readonly internalNote: string
  readonly _rev: string
}

/**
 * Starts a small, realistic orders service on a free port. It is careless the way services are: it sends fields that
 * its contract does not declare, stack traces on errors, password hashes, and a banner in every answer.
 * @param onStored told of every order that was placed, as it is stored
 */
export async function startOrdersService(
  onStored: (order: object) => void = () => {},
): Promise<OrdersService> {
  const service = new CarelessOrders(onStored)
  const server = createServer((request, response) => service.serve(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

const mostOrders = 1_000

class CarelessOrders {
  readonly #orders = new Map<string, Order>()
  readonly #watchers = new Set<ServerResponse>()
  readonly #onStored: (order: object) => void
  #next = 1

  constructor(onStored: (order: object) => void) {
    this.#onStored = onStored
    this.#place({ item: 'Desk lamp', quantity: 1, note: 'gift wrap' })
    this.#place({ item: 'Paper A4', quantity: 20 })
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-powered-by', 'Express 4.17.1')
    response.setHeader('server', 'orders/1.4.0 (node 18.2)')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      try {
        this.#route(request, Buffer.concat(chunks).toString(), response)
      } catch (error) {
        send(response, 500, {
          error: (error as Error).message,
          stack: (error as Error).stack,
          query: 'SELECT * FROM orders WHERE id = $1',
        })
      }
    })
  }

  #route(request: IncomingMessage, body: string, response: ServerResponse): void {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2)
    const key = `${request.method} ${path.replace(/\/(?:ord_\d+|[A-Z]{3}-\d{3})(?=\/|$)/, '/:id').replace(/^\/v1\/customers\/[^/]+$/, '/v1/customers/:id')}`
    const id = path.split('/')[3] ?? ''
    switch (key) {
      case 'GET /v1/orders':
        return send(response, 200, {
          ...this.#page(new URLSearchParams(query)),
          debug: { tookMs: 3, shard: 'db-7.internal' },
        })
      case 'POST /v1/orders':
        return send(response, 201, this.#place(JSON.parse(body) as Pick<Order, 'item' | 'quantity'>))
      case 'GET /v1/orders/:id':
        return this.#show(id, response)
      case 'PATCH /v1/orders/:id':
        return this.#change(id, JSON.parse(body) as Partial<Order>, response)
      case 'POST /v1/orders/:id/cancel':
        return this.#change(id, { status: 'cancelled' }, response)
      case 'DELETE /v1/orders/:id':
        return this.#orders.delete(id) ? void response.writeHead(204).end() : notFound(response)
      case 'GET /v1/products':
        return send(response, 200, { products })
      case 'GET /v1/products/:id':
        return send(response, 200, products.find((product) => product.sku === id) ?? products[0])
      case 'GET /v1/customers/:id':
        return send(response, 200, {
          id: decodeURIComponent(id),
          name: 'Ada Lovelace',
          email: 'ada@example.com',
          creditScore: 812,
          passwordHash: '$2b$10$N9qo8uLOickgx2ZMRZoMye',
        })
      case 'POST /v1/users':
        return send(response, 201, {
          ...(JSON.parse(body) as object),
          role: 'user',
          passwordHash: '$2b$10$N9qo8uLOickgx2ZMRZoMye',
        })
      case 'GET /v1/events':
        return this.#watch(response)
      case 'GET /v1/health':
        return send(response, 200, { status: 'ok', version: '1.4.0', host: 'orders-7f9c.internal' })
      default:
        return notFound(response)
    }
  }

  #page(query: URLSearchParams): { readonly orders: readonly Order[]; readonly next?: string } {
    const [indexes, status, before] = [
      query.getAll('emailIndex'),
      query.get('status'),
      query.get('cursor') ?? '~',
    ]
    const found = [...this.#orders.values()].filter(
      (order) =>
        order.id < before &&
        (indexes.length === 0 || indexes.includes(order.emailIndex ?? '')) &&
        (status === null || order.status === status),
    )
    const orders = found.slice(-(Number(query.get('limit')) || 20)).reverse()
    const last = orders.at(-1)
    return { orders, ...(last !== undefined && found.length > orders.length ? { next: last.id } : {}) }
  }

  #place(order: Pick<Order, 'item' | 'quantity'> & { note?: string }): Order {
    const id = `ord_${String(this.#next++).padStart(10, '0')}`
    const placed: Order = {
      ...order,
      id,
      status: 'open',
      placedAt: new Date().toISOString(),
      costPrice: 4.2,
      internalNote: 'margin 61 %',
      _rev: '3-a9',
    }
    this.#orders.set(id, placed)
    const [oldest] = this.#orders.keys()
    if (this.#orders.size > mostOrders && oldest !== undefined) this.#orders.delete(oldest)
    this.#tell('placed', placed)
    this.#onStored(placed)
    return placed
  }

  #show(id: string, response: ServerResponse): void {
    if (id === 'ord_0000000500') throw new TypeError("Cannot read properties of undefined (reading 'rows')")
    if (id === 'ord_0000000502') return void response.destroy()
    const order = this.#orders.get(id)
    return order === undefined ? notFound(response) : send(response, 200, order)
  }

  #change(id: string, change: Partial<Order>, response: ServerResponse): void {
    const order = this.#orders.get(id)
    if (order === undefined) return notFound(response)
    const changed = { ...order, ...change }
    this.#orders.set(id, changed)
    this.#tell('changed', changed)
    return send(response, 200, changed)
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write('event: ready\ndata: {}\n\n')
    this.#watchers.add(response)
    response.on('close', () => this.#watchers.delete(response))
  }

  #tell(event: string, order: Order): void {
    for (const watcher of this.#watchers) watcher.write(`event: ${event}\ndata: {"id":"${order.id}"}\n\n`)
  }
}

const products = [
  { sku: 'LMP-001', name: 'Desk lamp', price: 29.9, supplier: 'ACME', purchasePrice: 11.2 },
  { sku: 'PAP-004', name: 'Paper A4', price: 4.5, supplier: 'Mill & Co', purchasePrice: 1.9 },
]

function notFound(response: ServerResponse): void {
  send(response, 404, { error: 'no such thing', searched: '/srv/orders/lib/store.js' })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
