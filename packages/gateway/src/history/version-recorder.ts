import type { Clock } from '@gateward/kernel'
import type { GatewardEvent, RequestEvent } from '../observe/events/event.ts'
import { otherConsumers, type VersionCalls, type VersionStore } from '../store/version-store.ts'
import { isVersionName } from '../versions/served-name.ts'

export interface VersionRecorderOptions {
  readonly store: VersionStore
  readonly clock: Clock
  readonly onFault: (thrown: unknown) => void
}

const flushInterval = 5_000

/** How long a consumer that calls no more is remembered. */
const remembered = 400 * 86_400_000

/** Consumers that may wait to be written; what comes then is counted as `(other)`. */
const mostWaiting = 5_000

interface Tally {
  requests: number
  refused: number
  firstSeen: number
  lastSeen: number
}

/** Counts who calls which version of an API, and hands it to the store every few seconds. */
export class VersionRecorder implements AsyncDisposable {
  readonly #options: VersionRecorderOptions
  readonly #timer: NodeJS.Timeout
  #waiting = new Map<string, Map<string, Tally>>()
  #size = 0
  #forgottenAt = 0

  constructor(options: VersionRecorderOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.flush(), flushInterval).unref()
  }

  receive(events: readonly GatewardEvent[]): void {
    for (const event of events) if (event.kind === 'request' && isVersionName(event.api)) this.#count(event)
  }

  /** Writes what was counted; never rejects. */
  async flush(): Promise<void> {
    const calls = this.#take()
    const { clock, store, onFault } = this.#options
    try {
      if (calls.length > 0) await store.addBatch(calls)
      const now = clock.now()
      if (now - this.#forgottenAt < 3_600_000) return
      this.#forgottenAt = now
      await store.forget(now - remembered)
    } catch (thrown) {
      onFault(thrown)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  #count({ api, consumer = anonymousCallers, code, status, time }: RequestEvent): void {
    const tally = this.#find(api, consumer, time)
    tally.requests++
    if (code !== undefined && status < 500) tally.refused++
    tally.firstSeen = Math.min(tally.firstSeen, time)
    tally.lastSeen = Math.max(tally.lastSeen, time)
  }

  #find(api: string, consumer: string, time: number): Tally {
    let consumers = this.#waiting.get(api)
    if (consumers === undefined) this.#waiting.set(api, (consumers = new Map()))
    const known = consumers.get(consumer)
    if (known !== undefined) return known
    if (this.#size >= mostWaiting && consumer !== otherConsumers) return this.#find(api, otherConsumers, time)
    const tally: Tally = { requests: 0, refused: 0, firstSeen: time, lastSeen: time }
    consumers.set(consumer, tally)
    this.#size++
    return tally
  }

  #take(): readonly VersionCalls[] {
    const waiting = this.#waiting
    this.#waiting = new Map()
    this.#size = 0
    return [...waiting].flatMap(([api, consumers]) =>
      [...consumers].map(([consumer, tally]) => Object.assign({ api, consumer }, tally)),
    )
  }
}

/** All who are not known: no name of a consumer has brackets around it. */
const anonymousCallers = '(anonymous)'
