import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AcmeStore } from '../../../store/acme-store.ts'
import { challengeKey } from './challenge.ts'

/** A plain port that answers challenges of HTTP-01 and nothing else (RFC 8555 section 8.3). */
export interface HttpResponder extends AsyncDisposable {
  readonly port: number
}

/** Opens the port; rejects where it cannot be bound. */
export async function openHttpResponder(options: {
  readonly host: string
  readonly port: number
  readonly store: AcmeStore
  now(): number
}): Promise<HttpResponder> {
  const server = createServer(limits, (request, response) => {
    answer(request, response, options.store, options.now()).catch(() => response.destroy())
  })
  server.maxConnections = 100
  server.listen({ host: options.host, port: options.port })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const limits = {
  requestTimeout: 5_000,
  headersTimeout: 5_000,
  keepAliveTimeout: 1,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: AcmeStore,
  now: number,
): Promise<void> {
  const token = tokenPath.exec(request.url ?? '')?.[1]
  const found =
    token === undefined || request.method !== 'GET'
      ? undefined
      : await store.findChallenge(challengeKey({ type: 'http-01', token, hostName: '' }), now)
  response.writeHead(found === undefined ? 404 : 200, {
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(found ?? '')
}

// What a token can be (RFC 8555 section 8.1): the store is not asked about anything else.
const tokenPath = /^\/\.well-known\/acme-challenge\/([A-Za-z0-9_-]{16,512})$/
