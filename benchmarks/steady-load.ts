// A load that does not wait for answers: requests leave at a fixed rate, whatever came of those before them, so that a
// pause of the subject is felt by every request that falls into it (no coordinated omission). Run by `measureLatency`.
import { connect, type Socket } from 'node:net'
import type { Shot } from './load.ts'

interface Order {
  readonly origin: string
  readonly shot: Shot
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
}

const order = JSON.parse(process.argv[2] ?? '') as Order
const connections = 64
const host = new URL(order.origin)
const request = writeRequest(order.shot)
/** When each waiting request was due. */
const waiting: number[] = []
const idle: Client[] = []
const latencies: number[] = []
let failed = 0

/** One connection with at most one request under way. */
class Client {
  readonly #socket: Socket
  #since = 0
  #text = ''

  constructor(ready: () => void) {
    const at = { host: host.hostname, port: Number(host.port), noDelay: true }
    this.#socket = connect(at, ready)
    this.#socket.on('data', (chunk) => this.#take(chunk.toString('latin1')))
    this.#socket.on('close', () => (failed += this.#since === 0 ? 0 : 1))
    this.#socket.on('error', () => {})
  }

  send(due: number): void {
    this.#since = due
    this.#socket.write(request, 'latin1')
  }

  // Every subject declares the length of these answers.
  #take(text: string): void {
    this.#text += text
    const head = this.#text.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, head + 2))?.[1])
    if (this.#text.length < head + 4 + length) return
    if (!this.#text.startsWith('HTTP/1.1 200')) failed++
    latencies.push(performance.now() - this.#since)
    this.#text = ''
    this.#since = 0
    const due = waiting.shift()
    if (due === undefined) idle.push(this)
    else this.send(due)
  }
}

for (let index = 0; index < connections; index++) {
  const { promise, resolve } = Promise.withResolvers<void>()
  idle.push(new Client(resolve))
  await promise
}
await send(order.rate, 0.5)
latencies.length = 0
failed = 0
await send(order.rate, order.seconds)
latencies.sort((left, right) => left - right)
console.log(
  JSON.stringify({
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    rate: Math.round(latencies.length / order.seconds),
    failed: failed + waiting.length,
  }),
)
process.exit(0)

/** Sends at a rate, a little every millisecond, and waits up to a second for the last answers. */
async function send(rate: number, seconds: number): Promise<void> {
  const start = performance.now()
  let sent = 0
  for (let now = start; now - start < seconds * 1_000; now = performance.now()) {
    const due = Math.floor(((now - start) / 1_000) * rate)
    for (; sent < due; sent++) {
      const client = idle.pop()
      if (client === undefined) waiting.push(now)
      else client.send(now)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  for (let turn = 0; turn < 1_000 && idle.length < connections; turn++)
    await new Promise((resolve) => setTimeout(resolve, 1))
}

function quantile(share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
}

function writeRequest({ method, path, headers, body }: Shot): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]
  return [`${method} ${path} HTTP/1.1`, `host: ${host.host}`, ...fields, ...length, '', body ?? ''].join(
    '\r\n',
  )
}
