import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service behind the gate; it answers `{"ok":true}`, after as many milliseconds as `?wait=` says. */
export interface RunningService extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** How many requests reached it. */
  requests(): number
  /** Resolves when one more request has arrived; rejects where none comes within ten seconds. */
  nextRequest(): Promise<void>
}

/** Starts a service on a free port. */
export async function startService(): Promise<RunningService> {
  let requests = 0
  let arrived = Promise.withResolvers<void>()
  const server: Server = createServer((request, response) => {
    requests++
    arrived.resolve()
    arrived = Promise.withResolvers<void>()
    const wait = Number(new URL(request.url ?? '/', 'http://service').searchParams.get('wait') ?? 0)
    const timer = setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    }, wait)
    response.once('close', () => clearTimeout(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    nextRequest: () => within(10_000, arrived.promise),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function within(milliseconds: number, promise: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`nothing came in ${milliseconds} ms`)), milliseconds)
  await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}
