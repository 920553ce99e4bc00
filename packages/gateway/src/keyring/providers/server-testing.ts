import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a provider of a test sees it. */
export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a provider of a test answers. */
export interface GivenAnswer {
  readonly status: number
  readonly json: unknown
}

/** A provider of a test on a free port of this machine. */
export interface ProviderServer extends AsyncDisposable {
  readonly url: string
  /** While true, connections are taken and nothing is ever answered. */
  silent: boolean
}

/** Starts a provider that answers by `handle`; what it throws is a 500. */
export async function startProviderServer(
  handle: (request: ReceivedRequest) => GivenAnswer,
): Promise<ProviderServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (provider.silent) return
      const { method = '', url: path = '', headers } = request
      const url = new URL(path, provider.url)
      const body = Buffer.concat(chunks).toString()
      const { status, json } = answer(handle, { method, path, url, headers, body })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silent: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return provider
}

function answer(handle: (request: ReceivedRequest) => GivenAnswer, request: ReceivedRequest): GivenAnswer {
  try {
    return handle(request)
  } catch (thrown) {
    return { status: 500, json: { error: String(thrown) } }
  }
}

/** Bytes of a base64 text in its one right spelling; anything else is `undefined`. */
export function strictBase64(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
