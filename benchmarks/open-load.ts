import { connect, type Socket } from 'node:net'
import type { Shot } from './load.ts'

const connections = 16

/**
 * A load that does not wait for answers: requests leave at a fixed rate, whatever came of those before them, so that a pause of the
 * subject is felt by every request that falls into it (no coordinated omission). It never sleeps while it sends, so that no
 * timer rounds what is measured.
 */
export class OpenLoad {
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

  /**
   * Sends at a rate, and waits up to a second for the last answers. Gives the longest time for which the load itself did not look,
   * milliseconds: its own pauses are none of the subject's.
   */
  async send(rate: number, milliseconds: number): Promise<number> {
    const start = performance.now()
    let sent = 0
    let longestGap = 0
    for (let elapsed = 0, last = 0; elapsed < milliseconds; elapsed = performance.now() - start) {
      longestGap = Math.max(longestGap, elapsed - last)
      last = elapsed
      for (; sent < (elapsed / 1_000) * rate; sent++) this.#dispatch(start + (sent / rate) * 1_000)
      await new Promise((resolve) => void setImmediate(resolve))
    }
    const end = performance.now() + 1_000
    while (this.#idle.length < connections && performance.now() < end)
      await new Promise((resolve) => void setImmediate(resolve))
    return longestGap
  }

  #dispatch(due: number): void {
    // In turn, so that none of them rests until the other side closes it.
    const client = this.#idle.shift()
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
