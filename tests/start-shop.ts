import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { createDemoIssuer } from '../packages/cli/src/demo/issue-token.ts'
import { startOrdersService } from '../packages/cli/src/demo/orders-service.ts'
import { runCommandIn, type CommandOutcome } from './run-command.ts'
import { startServe } from './start-serve.ts'

/** An answer of the gate, read as JSON. */
interface ShopAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** The demo's orders service behind `gateward serve`, with everything that the gate writes in one folder. */
export interface Shop extends AsyncDisposable {
  /** As somebody whose scopes show personal data, or as somebody whose do not. */
  send(method: 'GET' | 'POST' | 'PATCH', path: string, mayReveal: boolean, body?: object): Promise<ShopAnswer>
  /** A command of the command line beside the running gate. */
  run(...words: readonly string[]): Promise<CommandOutcome>
  /** Where a text is found, in whatever spelling of its letters: files, metrics, what was sent to the service, what commands said. */
  places(text: string): Promise<readonly string[]>
}

/** Starts all of it on free ports. */
export async function openShop(): Promise<Shop> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'gateward-shop-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const service = stack.use(await startOrdersService())
  const wire = stack.use(await startTap(Number(new URL(service.url).port)))
  const issuer = await createDemoIssuer()
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(issuer.jwks))
  const contract = fileURLToPath(new URL('../packages/cli/src/demo/demo.openapi.yaml', import.meta.url))
  writeFileSync(
    join(folder, 'gateward.yaml'),
    JSON.stringify(settings(contract, wire.port, { ...issuer, jwks: './jwks.json' })),
  )
  const gate = stack.use(await startServe(folder, ['-c', 'gateward.yaml']))
  const agent = new Agent({ connect: { ca: readFileSync(gate.ready.ca ?? '', 'utf8') } })
  stack.defer(() => agent.destroy())
  const scope = 'orders:read orders:write'
  const [seeing, blind] = [await issuer.issue('ada', `${scope} reveal:pii`), await issuer.issue('bob', scope)]
  const said: string[] = []
  const all = stack.move()
  return {
    async send(method, path, mayReveal, body) {
      const answer = await request(gate.ready.gateway + path, {
        method,
        headers: {
          authorization: `Bearer ${mayReveal ? seeing : blind}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        dispatcher: agent,
      })
      return { status: answer.statusCode, body: (await answer.body.json()) as ShopAnswer['body'] }
    },
    async run(...words) {
      const outcome = await runCommandIn(folder, ...words)
      said.push(outcome.out, outcome.err)
      return outcome
    },
    async places(text) {
      const found = (bytes: string) => bytes.toLowerCase().includes(text.toLowerCase())
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name))
        .filter((file) => found(readFileSync(file, 'latin1')))
      const others = {
        metrics: (await gate.ask('/metrics')).text,
        service: wire.bytes(),
        output: gate.process.output() + gate.process.errors(),
        commands: said.join('\n'),
      }
      return [
        ...files,
        ...Object.entries(others).flatMap(([place, content]) => (found(content) ? [place] : [])),
      ]
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

function settings(
  contract: string,
  port: number,
  issuer: { issuer: string; audience: string; jwks: string },
) {
  return {
    version: 1,
    data: './data',
    apis: { orders: { contract, upstream: `http://127.0.0.1:${port}` } },
    authentication: {
      issuers: [
        { issuer: issuer.issuer, audience: issuer.audience, algorithms: ['ES256'], jwks: issuer.jwks },
      ],
    },
    guards: { discovery: { mode: 'shadow', samples: 600 } },
    observe: { log: 'file:./gateward.log' },
    events: { sinks: { everything: { requests: true, file: { path: './events.log' } } } },
  }
}

interface Tap extends AsyncDisposable {
  readonly port: number
  /** Everything that was sent to the service. */
  bytes(): string
}

/** A port that leads to another one, and keeps what goes there. */
async function startTap(port: number): Promise<Tap> {
  const chunks: Buffer[] = []
  const server = createServer((client) => {
    const service = connect(port, '127.0.0.1')
    client.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.pipe(service).pipe(client)
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => Buffer.concat(chunks).toString('latin1'),
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}
