import type { Clock } from '@gateward/kernel'
import type { Reply } from '../../exchange/reply.ts'
import type { EventBus } from '../../observe/events/event-bus.ts'
import type { GatewardEvent } from '../../observe/events/event.ts'
import { securityHeaders } from './security-headers.ts'

/** Browsers that listen at once; one more is told to try again. */
const mostListeners = 100

const tickMilliseconds = 1_000

/** How many ticks pass between two looks at whether a listener may still listen. */
const ticksPerLook = 15

interface Listener {
  readonly reply: Reply
  /** Whether the session still is; asked now and then. */
  readonly mayListen: () => Promise<boolean>
  /** A client that reads too slowly misses ticks; nothing is kept for it. */
  full: boolean
}

/**
 * Tells browsers what happens, as server-sent events (WHATWG HTML section 9.2): `traffic` every second with what went
 * through in it, and `change` for everything that is no request. While nobody listens it does nothing.
 */
export class Live implements Disposable {
  readonly #events: EventBus
  readonly #clock: Clock
  readonly #listeners = new Set<Listener>()
  #running: DisposableStack | undefined
  #second = new Second()
  #ticks = 0

  constructor(events: EventBus, clock: Clock) {
    this.#events = events
    this.#clock = clock
  }

  /** False where too many listen already. */
  add(reply: Reply, mayListen: () => Promise<boolean>): boolean {
    if (this.#listeners.size >= mostListeners) return false
    const listener: Listener = { reply, mayListen, full: false }
    this.#listeners.add(listener)
    reply.onClose(() => this.#remove(listener))
    reply.head(200, [...securityHeaders, 'content-type', 'text/event-stream', 'cache-control', 'no-store'])
    this.#write(listener, 'retry: 3000\n\n')
    this.#running ??= this.#start()
    return true
  }

  [Symbol.dispose](): void {
    for (const { reply } of this.#listeners) reply.end()
    this.#listeners.clear()
    this.#stop()
  }

  #start(): DisposableStack {
    const stack = new DisposableStack()
    const timer = setInterval(() => this.#tick(), tickMilliseconds).unref()
    stack.defer(() => clearInterval(timer))
    stack.use(this.#events.subscribe((events) => events.forEach((event) => this.#hear(event))))
    return stack
  }

  #stop(): void {
    this.#running?.dispose()
    this.#running = undefined
    this.#second = new Second()
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size === 0) this.#stop()
  }

  #hear(event: GatewardEvent): void {
    if (event.kind === 'request' || 'request' in event) this.#second.count(event)
    else this.#send('change', event)
  }

  #tick(): void {
    this.#send('traffic', { time: new Date(this.#clock.now()).toISOString(), ...this.#second.summary() })
    this.#second = new Second()
    if (++this.#ticks % ticksPerLook === 0) for (const listener of this.#listeners) void this.#look(listener)
  }

  async #look(listener: Listener): Promise<void> {
    const may = await listener.mayListen().catch(() => false)
    if (!may) listener.reply.end()
  }

  #send(name: string, value: unknown): void {
    const text = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
    for (const listener of this.#listeners) this.#write(listener, text)
  }

  #write(listener: Listener, text: string): void {
    if (listener.full) return
    listener.full = !listener.reply.write(Buffer.from(text))
    if (listener.full) listener.reply.onDrain(() => (listener.full = false))
  }
}

/** What went through in one second. */
class Second {
  #requests = 0
  #refused = 0
  #failed = 0
  #milliseconds = 0
  readonly #guards = new Map<string, { refused: number; shadow: number }>()

  count(event: Extract<GatewardEvent, { kind: 'request' } | { request: unknown }>): void {
    if (event.kind === 'request') {
      this.#requests++
      this.#milliseconds += event.duration
      if (event.status >= 500 || event.status === 0) this.#failed++
      else if (event.code !== undefined) this.#refused++
    } else {
      const counts = this.#guards.get(event.guard) ?? { refused: 0, shadow: 0 }
      counts[event.mode === 'shadow' ? 'shadow' : 'refused']++
      this.#guards.set(event.guard, counts)
    }
  }

  summary(): Readonly<Record<string, unknown>> {
    return {
      requests: this.#requests,
      refused: this.#refused,
      failed: this.#failed,
      /** The mean. */
      milliseconds: this.#requests === 0 ? 0 : this.#milliseconds / this.#requests,
      guards: Object.fromEntries(this.#guards),
    }
  }
}
