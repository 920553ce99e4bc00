import { randomBytes } from 'node:crypto'
import { toFault, type Clock } from '@gateward/kernel'
import { backoff } from '../delivery/backoff.ts'
import { LaterFault } from '../delivery/post.ts'
import type { GatewardEvent } from '../observe/events/event.ts'
import { LineWriter } from '../observe/line-writer.ts'
import { DiskQueue, type QueueBatch } from './disk-queue.ts'
import type { EventWriter } from './formats/event-writer.ts'
import type { ByteTransport, Transport } from './transports/transport.ts'

export interface SinkOptions {
  /** The folder of its queue, its alone. */
  readonly folder: string
  /** Most bytes that wait on the disk. */
  readonly queue: number
  readonly transport: Transport | ByteTransport
  readonly write: EventWriter
  readonly clock: Clock
  /** Events that no receiver will get, since the last call. */
  readonly onLost: (lost: number, reason: string) => void
  /** The receiver is away or back. */
  readonly onChange: (reachable: boolean, reason: string) => void
}

const batchBytes = 1_048_576
const idlePause = 200
const shortestPause = 250
const longestPause = 30_000
/** Milliseconds between two reports of losses. */
const tellEvery = 60_000

/** One receiver of events, behind a queue on the disk: taking an event never waits, whatever the receiver does. */
export class Sink implements AsyncDisposable {
  readonly #options: SinkOptions
  readonly #queue: DiskQueue
  readonly #line = new LineWriter()
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  // Each start has its own, so that no two events ever have the same id.
  readonly #instance = randomBytes(8).toString('hex')
  /** What is being sent. */
  #batch: QueueBatch | undefined
  #number = 0
  #lost = 0
  #tellAgainAt = 0

  constructor(options: SinkOptions) {
    this.#options = options
    this.#queue = new DiskQueue(options.folder, options.queue)
    this.#running = this.#run()
  }

  /** Events that the receiver has not got yet, as bytes. */
  get waiting(): number {
    return this.#queue.waiting
  }

  receive(events: readonly GatewardEvent[]): void {
    let lines = 0
    for (const event of events) if (this.#write(event)) lines++
    if (lines > 0) this.#queue.add(this.#line.take(), lines)
    this.#tellLost()
  }

  /** Ends; what has not arrived goes on after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#queue.flush()
    await this.#running
    await this.#options.transport[Symbol.asyncDispose]()
    await this.#queue[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted;) {
      try {
        const sent = await this.#sendSome()
        if (failures > 0 && sent) this.#options.onChange(true, 'it takes events again')
        if (sent) failures = 0
        else await this.#pause(idlePause)
      } catch (thrown) {
        if (failures++ === 0) this.#options.onChange(false, toFault(thrown).message)
        const asked = thrown instanceof LaterFault ? thrown.after : 0
        await this.#pause(Math.max(asked, backoff(failures, shortestPause, longestPause)))
      }
    }
  }

  async #sendSome(): Promise<boolean> {
    const { transport } = this.#options
    const bytes = ('batch' in transport ? transport.batch : undefined) ?? batchBytes
    // The same again after a failure: a receiver may know what it took of it.
    const batch = (this.#batch ??= await this.#queue.read(bytes))
    if (batch === undefined) return false
    const refusal =
      'sendBytes' in transport ? await transport.sendBytes(batch.bytes) : await transport.send(batch.lines)
    this.#batch = undefined
    await batch.commit()
    if (refusal !== undefined)
      this.#options.onLost(refusal.lines, `the receiver refused them for ever: ${refusal.reason}`)
    return true
  }

  /** Writes an event behind those that wait to be added; false where there is no line of it. */
  #write(event: GatewardEvent): boolean {
    const line = this.#line
    const before = line.length
    if (!this.#options.write(line, event, `${this.#instance}-${this.#number + 1}`)) return false
    this.#number++
    line.ascii('\n')
    if (line.length <= this.#queue.room) return true
    line.cutTo(before)
    this.#queue.lost++
    return false
  }

  #tellLost(): void {
    const lost = this.#queue.lost - this.#lost
    const now = this.#options.clock.tick()
    // Telling makes an event of its own, which has no room either.
    if (lost === 0 || now < this.#tellAgainAt) return
    this.#tellAgainAt = now + tellEvery
    this.#lost = this.#queue.lost
    this.#options.onLost(lost, 'the queue is full, or the disk failed')
  }

  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, milliseconds).unref()
    const stop = (): void => resolve()
    this.#stop.signal.addEventListener('abort', stop, { once: true })
    await promise
    clearTimeout(timer)
    this.#stop.signal.removeEventListener('abort', stop)
  }
}
