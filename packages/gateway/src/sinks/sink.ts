import { randomBytes } from 'node:crypto'
import { toFault, type Clock } from '@gateward/kernel'
import { backoff } from '../delivery/backoff.ts'
import type { GatewardEvent } from '../observe/events/event.ts'
import { DiskQueue } from './disk-queue.ts'
import { writeCef } from './formats/cef.ts'
import { writeEcs } from './formats/ecs.ts'
import type { EventWriter } from './formats/event-writer.ts'
import { writeJson } from './formats/json.ts'
import { writeOcsf } from './formats/ocsf.ts'
import type { SinkSettings } from './settings.ts'
import { createTransport } from './transports/create-transport.ts'
import type { Transport } from './transports/transport.ts'

export interface SinkOptions {
  readonly name: string
  readonly settings: SinkSettings
  /** The folder of its queue, its alone. */
  readonly folder: string
  readonly host: string
  readonly version: string
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

const writers: Readonly<Record<SinkSettings['format'], EventWriter>> = {
  ocsf: writeOcsf,
  ecs: writeEcs,
  cef: writeCef,
  json: writeJson,
}

/** One receiver of events, behind a queue on the disk: taking an event never waits, whatever the receiver does. */
export class Sink implements AsyncDisposable {
  readonly #options: SinkOptions
  readonly #queue: DiskQueue
  readonly #transport: Transport
  readonly #write: EventWriter
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  // Each start has its own, so that no two events ever have the same id.
  readonly #instance = randomBytes(8).toString('hex')
  #number = 0
  #lost = 0
  #tellAgainAt = 0

  constructor(options: SinkOptions) {
    const { settings, folder, host, clock } = options
    this.#options = options
    this.#queue = new DiskQueue(folder, settings.queue)
    this.#transport = createTransport(settings, host, () => clock.now())
    this.#write = writers[settings.format]
    this.#running = this.#run()
  }

  /** Events that the receiver has not got yet, as bytes. */
  get waiting(): number {
    return this.#queue.waiting
  }

  receive(events: readonly GatewardEvent[]): void {
    const { settings, version, host } = this.#options
    for (const event of events) {
      if (event.kind === 'request' && !settings.requests) continue
      const uid = `${this.#instance}-${++this.#number}`
      this.#queue.add(this.#write(event, { uid, version, host }))
    }
    this.#tellLost()
  }

  /** Ends; what has not arrived goes on after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#queue.flush()
    await this.#running
    await this.#transport[Symbol.asyncDispose]()
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
        await this.#pause(backoff(failures, shortestPause, longestPause))
      }
    }
  }

  async #sendSome(): Promise<boolean> {
    const batch = await this.#queue.read(batchBytes)
    if (batch === undefined) return false
    const refused = await this.#transport.send(batch.lines)
    await batch.commit()
    if (refused > 0) this.#options.onLost(refused, 'the receiver refused them for ever')
    return true
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
