// The fast upstream and, in the same process, a load that does not wait for answers: requests leave at a fixed rate, whatever
// came of those before them, so that a pause of the subject is felt by every request that falls into it (no coordinated
// omission). One process, so that the two never wait for each other's turn on their core; and it never sleeps while it
// sends, so that no timer rounds what is measured. Orders come from `probe.ts`, one at a time.
import { connect, type Socket } from 'node:net'
import type { Order, Window } from './probe.ts'
import type { Shot } from './load.ts'
import { startFastUpstream } from './fast-upstream.ts'

const connections = 16

startFastUpstream()

process.on('message', (order: Order) => {
  run(order).then(
    (window) => process.send?.(window),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})

async function run({ origin, shot, rate, milliseconds }: Order): Promise<Window> {
  const load = new Load(origin, shot)
  await load.open()
  // Whatever the connections have to set up is over before it counts.
  await load.send(rate, 100)
  const { latencies } = load
  latencies.length = 0
  await load.send(rate, milliseconds)
  load.close()
  latencies.sort((left, right) => left - right)
  const quantile = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    sent: latencies.length,
    failed: load.failed,
  }
}

class Load {
  failed = 0
  /** Milliseconds from when a request was due to when its answer was there whole. */
  readonly latencies: number[] = []
  readonly #host: URL
  readonly #request: string
  readonly #clients: Client[] = []
  readonly #idle: Client[] = []
  /** When each waiting request was due. */
  readonly #waiting: number[] = []

  constructor(origin: string, shot: Shot) {
    this.#host = new URL(origin)
    this.#request = writeRequest(shot, this.#host.host)
  }

  async open(): Promise<void> {
    for (let index = 0; index < connections; index++) {
      const socket = connect({ host: this.#host.hostname, port: Number(this.#host.port), noDelay: true })
      await new Promise<void>((resolve) => void socket.once('connect', resolve))
      const client = new Client(socket, (latency, isGood) => this.#take(client, latency, isGood))
      this.#clients.push(client)
      this.#idle.push(client)
    }
  }

  close(): void {
    this.failed += this.#waiting.length + this.#clients.length - this.#idle.length
    for (const client of this.#clients) client.socket.destroy()
  }

  /** Sends at a rate and waits up to a second for the last answers. */
  async send(rate: number, milliseconds: number): Promise<void> {
    const start = performance.now()
    let sent = 0
    for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - start) {
      for (; sent < (elapsed / 1_000) * rate; sent++) this.#dispatch(start + (sent / rate) * 1_000)
      await new Promise((resolve) => void setImmediate(resolve))
    }
    const end = performance.now() + 1_000
    while (this.#idle.length < connections && performance.now() < end)
      await new Promise((resolve) => void setImmediate(resolve))
  }

  #dispatch(due: number): void {
    const client = this.#idle.pop()
    if (client === undefined) this.#waiting.push(due)
    else client.send(this.#request, due)
  }

  #take(client: Client, latency: number, isGood: boolean): void {
    this.latencies.push(latency)
    if (!isGood) this.failed++
    const due = this.#waiting.shift()
    if (due === undefined) this.#idle.push(client)
    else client.send(this.#request, due)
  }
}

/** One connection with at most one request under way. */
class Client {
  readonly socket: Socket
  readonly #answered: (latency: number, isGood: boolean) => void
  #since = 0
  #text = ''

  constructor(socket: Socket, answered: (latency: number, isGood: boolean) => void) {
    this.socket = socket
    this.#answered = answered
    socket.on('data', (chunk) => this.#take(chunk.toString('latin1')))
    socket.on('error', () => {})
  }

  send(request: string, due: number): void {
    this.#since = due
    this.socket.write(request, 'latin1')
  }

  // Every subject declares the length of these answers.
  #take(text: string): void {
    this.#text += text
    const head = this.#text.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, head + 2))?.[1])
    if (this.#text.length < head + 4 + length) return
    const isGood = this.#text.startsWith('HTTP/1.1 200')
    this.#text = ''
    this.#answered(performance.now() - this.#since, isGood)
  }
}

function writeRequest({ method, path, headers, body }: Shot, host: string): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]
  return [`${method} ${path} HTTP/1.1`, `host: ${host}`, ...fields, ...length, '', body ?? ''].join('\r\n')
}
