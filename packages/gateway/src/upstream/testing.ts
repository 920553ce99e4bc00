import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import {
  DiagnosticError,
  hasErrors,
  systemClock,
  type Clock,
  type Diagnostic,
  type Fault,
} from '@gateward/kernel'
import type { z } from 'zod'
import type { HeaderList } from '../exchange/header-list.ts'
import { createUpstream } from './create-upstream.ts'
import { upstreamSettings } from './settings.ts'
import type { Upstream, UpstreamCall, UpstreamReceiver, UpstreamRequest } from './upstream.ts'

/** A service for a test, and how many sockets it holds. */
export interface TestService extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly sockets: ReadonlySet<Socket>
}

/** An HTTP service on a free port. */
export async function openService(listener: RequestListener): Promise<TestService> {
  return await listen(createServer(listener))
}

/** A service that speaks whatever the test writes on the socket. */
export async function openRawService(onConnection: (socket: Socket) => void): Promise<TestService> {
  return await listen(createTcpServer(onConnection))
}

/** Binds a server to a free port of the loopback. */
export async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<TestService> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An upstream from settings as an operator writes them; throws where they hold an error. */
export function openUpstream(
  settings: z.input<typeof upstreamSettings>,
  clock: Clock = systemClock,
): Upstream {
  const diagnostics: Diagnostic[] = []
  const upstream = createUpstream('test', upstreamSettings.parse(settings), {
    clock,
    report: (diagnostic) => diagnostics.push(diagnostic),
  })
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
  return upstream
}

/** How a forwarded request ended. */
export interface TestAnswer {
  readonly status: number
  readonly headers: HeaderList | undefined
  readonly body: string
  readonly fault: Fault | undefined
}

/** What a test may do while the answer comes. */
export interface TestHooks {
  onHead?(call: UpstreamCall): void
  onData?(chunk: Buffer, call: UpstreamCall): boolean
  onCall?(call: UpstreamCall): void
}

/** Forwards a request (a plain `GET /` where nothing else is said) and waits for its end. */
export function send(
  upstream: Upstream,
  request: Partial<UpstreamRequest> = {},
  hooks: TestHooks = {},
): Promise<TestAnswer> {
  const { promise, resolve } = Promise.withResolvers<TestAnswer>()
  let call: UpstreamCall | undefined
  let answer: { status: number; headers: HeaderList | undefined } = { status: 0, headers: undefined }
  const chunks: Buffer[] = []
  const finish = (fault: Fault | undefined): void =>
    resolve({ ...answer, body: Buffer.concat(chunks).toString(), fault })
  const receiver: UpstreamReceiver = {
    head(status, headers) {
      answer = { status, headers }
      if (call !== undefined) hooks.onHead?.(call)
    },
    data(chunk) {
      chunks.push(chunk)
      return call === undefined ? true : (hooks.onData?.(chunk, call) ?? true)
    },
    end: () => finish(undefined),
    fault: finish,
  }
  call = upstream.forward(
    { method: 'GET', target: '/', headers: [], body: undefined, id: 'test', ...request },
    receiver,
  )
  hooks.onCall?.(call)
  return promise
}
