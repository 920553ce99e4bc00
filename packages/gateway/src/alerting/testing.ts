import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withReferences } from '../settings/references.ts'
import { alertSettings, type AlertSettings } from './settings.ts'

/** A request as a receiver got it. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly at: number
}

/** An HTTP server that keeps what it is sent, and answers as a service would. */
export interface TestReceiver extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** Resolves when there are so many; rejects after 20 s. */
  waitFor(count: number): Promise<void>
}

/** Starts a receiver; `answer` says what it answers, 202 if left out. */
export async function startReceiver(
  answer: (received: Received, number: number) => { status: number; body?: string } = () => ({ status: 202 }),
  port = 0,
): Promise<TestReceiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body: Buffer.concat(chunks).toString(), at: Date.now() }
      received.push(one)
      const { status, body = '' } = answer(one, received.length)
      response.writeHead(status).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    async waitFor(count) {
      const deadline = Date.now() + 20_000
      while (received.length < count) {
        if (Date.now() > deadline) throw new Error(`${received.length} of ${count} came`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Settings of alerts as a file would give them, with `env:` references resolved in `env`. */
export function readAlertSettings(
  written: object,
  env: Readonly<Record<string, string>> = {},
): AlertSettings {
  return withReferences({ env, directory: '.' }, () => alertSettings.parse(written))
}
