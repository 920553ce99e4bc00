// `node benchmarks/waf-live.ts FOLDER…`: the requests of a corpus through a running gateway, and what became of them.
// The gateway has no contract and its default settings, but lets anybody in, from pages of any origin as recorded traffic comes, and counts
// no requests: all come from one address.
// Options: --places query,form,json, --only SOURCE, --most N (of each file, evenly spread; 500), --json.
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { Socket, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startGateway } from '@gateward/gateway'
import { readCorpus, type CorpusFile, type CorpusRequest } from './detection/corpus.ts'
import { readPlaces, toRequests } from './detection/place-value.ts'
import { spread } from './detection/spread.ts'

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    places: { type: 'string', default: 'query,form,json' },
    only: { type: 'string', default: '' },
    most: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
})

/** What became of the requests of one file. */
interface Row {
  readonly kind: CorpusFile['kind']
  readonly source: string
  readonly kindOfAttack: string
  readonly requests: number
  /** Refused by the rules. */
  blocked: number
  /** Refused by another guard, or as no message at all. */
  refused: number
  /** Answered by the service. */
  passed: number
  /** Without an answer, or with a fault of the gateway: both are mistakes of it or of this driver. */
  failed: number
}

/** Milliseconds after which an answer is given up. */
const longestWait = 10_000

const places = readPlaces(options.places)
await using stack = new AsyncDisposableStack()
const port = await start()
const rows: Row[] = []
for (const file of folders.flatMap(readCorpus))
  if (file.source.includes(options.only)) rows.push(await send(file))
if (options.json) console.log(JSON.stringify(rows))
else print(rows)

async function start(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-live-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const service = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  stack.defer(() => {
    service.close()
    service.closeAllConnections()
  })
  const upstream = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const gateway = await startGateway({
    env: {},
    inline: {
      version: 1,
      environment: 'test',
      data: folder,
      listen: { https: false, http: { host: '127.0.0.1', port: 0 } },
      admin: { host: '127.0.0.1', port: 0 },
      observe: { log: `file:${join(folder, 'gateward.log')}` },
      anonymous: true,
      guards: { flood: { mode: 'off' }, cors: { mode: 'off' }, quota: { mode: 'off' } },
      apis: { corpus: { contract: 'none', upstream } },
    },
  })
  stack.use(gateway)
  return Number(new URL(gateway.addresses.http ?? '').port)
}

async function send({ kind, source, kindOfAttack, items }: CorpusFile): Promise<Row> {
  const requests = toRequests(spread(items, Number(options.most)), places)
  const row: Row = {
    kind,
    source,
    kindOfAttack,
    requests: requests.length,
    blocked: 0,
    refused: 0,
    passed: 0,
    failed: 0,
  }
  const waiting = requests.values()
  const work = async (): Promise<void> => {
    for (const request of waiting) row[await outcomeOf(request)]++
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return row
}

type Outcome = 'blocked' | 'refused' | 'passed' | 'failed'

async function outcomeOf(request: CorpusRequest): Promise<Outcome> {
  const answer = await ask(toWire(request))
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
  if (answer.includes('"code":"REQUEST_BLOCKED"')) return 'blocked'
  if (status >= 200 && status < 300) return 'passed'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}

/** The bytes of a request; fields about the connection and the length are ours. */
function toWire({ method, target, headers, body }: CorpusRequest): string {
  const own = /^(?:connection|proxy-connection|keep-alive|content-length|transfer-encoding|expect|upgrade)$/i
  const fields = headers.filter(([name]) => !own.test(name)).map(([name, value]) => `${name}: ${value}`)
  if (!headers.some(([name]) => name.toLowerCase() === 'host')) fields.unshift('Host: localhost')
  const length =
    body === '' && (method === 'GET' || method === 'HEAD') ? [] : [`Content-Length: ${body.length}`]
  return [`${method} ${target} HTTP/1.1`, ...fields, ...length, 'Connection: close', '', body].join('\r\n')
}

async function ask(wire: string): Promise<string> {
  const socket = new Socket()
  let text = ''
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.setTimeout(longestWait, () => socket.destroy())
  socket.connect(port, '127.0.0.1', () => socket.write(wire, 'latin1'))
  await closed
  return text
}

function print(rows: readonly Row[]): void {
  console.log('| | source | kind | requests | blocked | refused otherwise | passed | failed | stopped |')
  console.log('| --- | --- | --- | --: | --: | --: | --: | --: | --: |')
  for (const row of [...rows, ...(['attacks', 'harmless'] as const).flatMap((kind) => total(rows, kind))]) {
    const { kind, source, kindOfAttack, requests, blocked, refused, passed, failed } = row
    const share = ((100 * (blocked + refused)) / requests).toFixed(2)
    console.log(
      `| ${kind} | ${source} | ${kindOfAttack} | ${requests} | ${blocked} | ${refused} | ${passed} | ${failed} | ${share} % |`,
    )
  }
}

function total(rows: readonly Row[], kind: CorpusFile['kind']): readonly Row[] {
  const own = rows.filter((row) => row.kind === kind)
  if (own.length === 0) return []
  const sum = (count: (row: Row) => number): number => own.reduce((all, row) => all + count(row), 0)
  return [
    {
      kind,
      source: 'all',
      kindOfAttack: '',
      requests: sum(({ requests }) => requests),
      blocked: sum(({ blocked }) => blocked),
      refused: sum(({ refused }) => refused),
      passed: sum(({ passed }) => passed),
      failed: sum(({ failed }) => failed),
    },
  ]
}
