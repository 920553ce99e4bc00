import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@gateward/kernel'
import {
  keyringDefaults,
  openRecords,
  startGateway,
  type ExchangeRecord,
  type Gateway,
} from '@gateward/gateway'
import { Agent, request as ask } from 'undici'

/** A request as the service behind the gate got it. */
interface ServedRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A gateway in this process, on a plain port of this machine, before a service of the test. */
export interface RunningGate extends AsyncDisposable {
  readonly gateway: Gateway
  readonly port: number
  /** Its data folder. */
  readonly data: string
  /** A key of nobody in particular. */
  readonly key: string
  /** Everything that reached the service, in order. */
  readonly served: readonly ServedRequest[]
  /** How many requests the service is answering. */
  serving(): number
  /** Writes bytes on a connection of their own and gives back what comes until it is closed. */
  exchange(...parts: readonly string[]): Promise<string>
  /** As `exchange`, of an answer that has no end: gives back what has come once it holds `until`. */
  opening(request: string, until: RegExp): Promise<string>
  /** What `/metrics` shows. */
  metrics(): Promise<string>
  /** What was recorded of a request, once it is. */
  record(id: string): Promise<ExchangeRecord>
}

/** What a test says of its gate; what it leaves out is as by default, but for the log and the number of tries. */
export interface GateOptions {
  /** An OpenAPI document as data; without it any path is served. */
  readonly contract?: object
  readonly settings?: Readonly<Record<string, unknown>>
  readonly api?: Readonly<Record<string, unknown>>
  /** The environment that `env:` refers to. */
  readonly env?: Readonly<Record<string, string>>
  /** What the gateway reads time from. */
  readonly clock?: Clock
  /** Answers a request whose body was read. */
  readonly service: (request: ServedRequest, response: ServerResponse) => void
}

/** Starts the service and the gateway before it. */
export async function startGate({
  contract,
  settings,
  api,
  env = {},
  clock,
  service,
}: GateOptions): Promise<RunningGate> {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-gate-'))
  const served: ServedRequest[] = []
  let serving = 0
  const server = createServer((request, response) => {
    serving++
    response.once('close', () => serving--)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: target = '', headers } = request
      const received = { method, target, headers, body: Buffer.concat(chunks).toString() }
      served.push(received)
      service(received, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const file = join(folder, 'contract.json')
  if (contract !== undefined) writeFileSync(file, JSON.stringify(contract))
  const request = {
    env,
    inline: {
      version: 1,
      environment: 'test',
      data: folder,
      listen: { https: false, http: { host: '127.0.0.1', port: 0 } },
      admin: { host: '127.0.0.1', port: 0 },
      observe: { log: `file:${join(folder, 'gateward.log')}` },
      ...settings,
      apis: {
        attacked: {
          contract: contract === undefined ? 'none' : file,
          upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          ...api,
        },
      },
    },
  }
  const starting = startGateway(request, clock)
  const gateway = await starting.catch((error: unknown) => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  const { key } = await gateway.apiKeys.create({ consumer: 'mallory', label: 'attack', life: 86_400_000 })
  const port = Number(new URL(gateway.addresses.http ?? '').port)
  return {
    gateway,
    port,
    data: folder,
    key: key.reveal(),
    served,
    serving: () => serving,
    exchange: (...parts) => exchangeBytes(port, parts),
    metrics: () => readMetrics(gateway),
    record: (id) => readRecord(folder, id),
    opening: (request, until) => exchangeBytes(port, [request], until),
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function readMetrics({ addresses, certificateAuthority = '' }: Gateway): Promise<string> {
  const agent = new Agent({ connect: { ca: readFileSync(certificateAuthority) } })
  try {
    return await (await ask(`${addresses.admin}/metrics`, { dispatcher: agent })).body.text()
  } finally {
    await agent.destroy()
  }
}

async function readRecord(data: string, id: string): Promise<ExchangeRecord> {
  await using records = await openRecords({ data, keyring: keyringDefaults() })
  for (;;) {
    const record = await records.find(id)
    if (record !== undefined) return record
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function exchangeBytes(port: number, parts: readonly string[], until?: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const closed = Promise.withResolvers<void>()
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (until?.test(text) === true) socket.destroy()
  })
  socket.on('error', () => {})
  socket.on('close', () => closed.resolve())
  for (const part of parts) socket.write(part, 'latin1')
  await closed.promise
  return text
}

/** A request without a body, whose answer ends the connection. */
export function plainRequest(line: string, ...fields: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'host: localhost', 'connection: close', ...fields, '', ''].join('\r\n')
}
