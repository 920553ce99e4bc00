import type { GatewardEvent } from './event.ts'

/** Hears events, in the order in which they happened; it must not wait. */
export type EventReceiver = (events: readonly GatewardEvent[]) => void

const mostWaiting = 256
const handOnAfterMilliseconds = 50

/**
 * Carries events from where they happen to those who hear them, all in this process. An event waits at most 50 ms, and
 * at most 256 wait: then they are handed on at once, so the bus loses nothing and holds little. One receiver that
 * throws takes nothing from the others.
 */
export class EventBus {
  /** Batches that a receiver failed to take. */
  failures = 0
  readonly #receivers = new Set<EventReceiver>()
  readonly #onFault: (thrown: unknown) => void
  #waiting: GatewardEvent[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(onFault: (thrown: unknown) => void = () => {}) {
    this.#onFault = onFault
  }

  /** Whether anybody listens; where nobody does, an event need not be made. */
  get heard(): boolean {
    return this.#receivers.size > 0
  }

  subscribe(receiver: EventReceiver): Disposable {
    this.#receivers.add(receiver)
    return { [Symbol.dispose]: () => void this.#receivers.delete(receiver) }
  }

  publish(event: GatewardEvent): void {
    if (this.#receivers.size === 0) return
    this.#waiting.push(event)
    if (this.#waiting.length >= mostWaiting) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), handOnAfterMilliseconds).unref()
  }

  /** Hands on what waits. What receivers publish meanwhile waits for the next time. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length === 0) return
    const events = this.#waiting
    this.#waiting = []
    for (const receive of this.#receivers) {
      try {
        receive(events)
      } catch (thrown) {
        this.failures++
        this.#onFault(thrown)
      }
    }
  }
}
