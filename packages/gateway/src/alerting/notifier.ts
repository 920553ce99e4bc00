import { randomUUID } from 'node:crypto'
import { toFault, type Clock, type Fault } from '@gateward/kernel'
import { backoff } from '../delivery/backoff.ts'
import type { AlertChange } from './alert-engine.ts'
import type { AlertTarget, Notification } from './notification.ts'
import type { AlertSettings } from './settings.ts'
import { isAtLeast } from './severity.ts'
import { createTarget } from './targets/create-target.ts'

/** Notifications that one target may have waiting; what comes on top is lost, and said to be. */
const mostWaiting = 200

/** Attempts at one notification: with the pauses between them, some 20 minutes. */
const mostAttempts = 12
const shortestPause = 500
const longestPause = 300_000

interface Receiver {
  readonly name: string
  readonly target: AlertTarget
  readonly waiting: Notification[]
  sending: Promise<void> | undefined
}

export interface NotifierOptions {
  readonly settings: AlertSettings
  readonly gateway: string
  readonly clock: Clock
  /** A notification that no attempt could deliver. */
  readonly onLost: (target: string, reason: string) => void
}

/** Brings changes of alerts to the targets: those of one rule together, and again until they are delivered. */
export class Notifier implements AsyncDisposable {
  readonly #options: NotifierOptions
  readonly #receivers: readonly Receiver[]
  readonly #gathering = new Map<string, { readonly changes: AlertChange[]; readonly timer: NodeJS.Timeout }>()
  readonly #stop = new AbortController()

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#receivers = Object.entries(options.settings.targets).map(([name, settings]) => ({
      name,
      target: createTarget(settings),
      waiting: [],
      sending: undefined,
    }))
  }

  tell(change: AlertChange): void {
    const { rule } = change.alert
    const gathered = this.#gathering.get(rule)
    if (gathered !== undefined) gathered.changes.push(change)
    else {
      const timer = setTimeout(() => this.#hand(rule), this.#options.settings.group)
      this.#gathering.set(rule, { changes: [change], timer: timer.unref() })
    }
  }

  /** Hands on what has gathered, and waits until every attempt under way has ended. */
  async flush(): Promise<void> {
    for (const rule of this.#gathering.keys()) this.#hand(rule)
    await Promise.all(this.#receivers.map(async ({ sending }) => sending))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rule of this.#gathering.keys()) this.#hand(rule)
    // What is on its way may still arrive; what waits for another attempt may not.
    const sent = Promise.all(this.#receivers.map(async ({ sending }) => sending))
    setTimeout(() => this.#stop.abort(), lastChance).unref()
    await Promise.race([sent, new Promise((resolve) => this.#stop.signal.addEventListener('abort', resolve))])
    this.#stop.abort()
    await Promise.all(this.#receivers.map(({ target }) => target[Symbol.asyncDispose]()))
  }

  #hand(rule: string): void {
    const gathered = this.#gathering.get(rule)
    if (gathered === undefined) return
    clearTimeout(gathered.timer)
    this.#gathering.delete(rule)
    for (const receiver of this.#receivers) {
      const changes = gathered.changes.filter((change) => this.#concerns(receiver.name, change))
      if (changes.length > 0) this.#enqueue(receiver, changes)
    }
  }

  #concerns(name: string, { change, alert }: AlertChange): boolean {
    const { targets, escalation } = this.#options.settings
    const target = targets[name]
    if (target === undefined || !isAtLeast(alert.severity, target.minimum)) return false
    if (change === 'resolved' && !target.resolved) return false
    if (escalation.to.includes(name)) return change === 'escalated' || alert.escalatedAt !== undefined
    return true
  }

  #enqueue(receiver: Receiver, changes: readonly AlertChange[]): void {
    const { clock, gateway, onLost } = this.#options
    if (receiver.waiting.length >= mostWaiting) onLost(receiver.name, 'too many notifications wait')
    else receiver.waiting.push({ id: `msg_${randomUUID()}`, at: clock.now(), gateway, changes })
    receiver.sending ??= this.#send(receiver)
  }

  async #send(receiver: Receiver): Promise<void> {
    for (let next = receiver.waiting.shift(); next !== undefined; next = receiver.waiting.shift()) {
      const fault = await this.#attempt(receiver, next)
      if (fault !== undefined) this.#options.onLost(receiver.name, fault.message)
    }
    receiver.sending = undefined
  }

  async #attempt(receiver: Receiver, notification: Notification): Promise<Fault | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        await receiver.target.send(notification)
        return undefined
      } catch (thrown) {
        const fault = toFault(thrown)
        if (!fault.retryable || attempt >= mostAttempts || this.#stop.signal.aborted) return fault
        await this.#pause(backoff(attempt, shortestPause, longestPause))
      }
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, milliseconds).unref()
    this.#stop.signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
  }
}

/** Milliseconds that notifications have to leave when the gateway stops. */
const lastChance = 2_000
