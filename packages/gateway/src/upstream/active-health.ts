import { Connection } from './http1/connection.ts'
import type { ConnectionOptions, ConnectionOwner } from './http1/connection-parties.ts'
import type { ActiveHealthSettings } from './settings.ts'
import type { Target } from './target.ts'

/** Asks every target how it is, again and again, and says so on the target. */
export class ActiveHealth {
  readonly #checks: readonly TargetCheck[]

  constructor(settings: ActiveHealthSettings, targets: readonly Target[]) {
    this.#checks = targets.map((target) => new TargetCheck(settings, target))
  }

  /** Begins with one check of each target at once. */
  start(): void {
    for (const check of this.#checks) check.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#checks.map((check) => check.stop()))
  }
}

class TargetCheck {
  readonly #settings: ActiveHealthSettings
  readonly #target: Target
  readonly #options: ConnectionOptions
  #connection: Connection | undefined
  #timer: NodeJS.Timeout | undefined
  #inARow = 0
  #stopped = false

  constructor(settings: ActiveHealthSettings, target: Target) {
    this.#settings = settings
    this.#target = target
    this.#options = target.options
  }

  start(): void {
    void this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#connection?.destroy()
  }

  async #run(): Promise<void> {
    const passed = await this.#ask()
    if (this.#stopped) return
    this.#judge(passed)
    // Up to a tenth sooner, so that many gateways do not ask in step.
    const pause = this.#settings.interval * (1 - Math.random() / 10)
    this.#timer = setTimeout(() => this.start(), pause)
    this.#timer.unref()
  }

  // A connection of its own for each check shows that new ones can be made. The head says it all: the body might never end.
  async #ask(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), this.#settings.timeout)
    const connection = new Connection(this.#options, nobody)
    this.#connection = connection
    connection.send(
      { method: 'GET', target: this.#settings.path, headers, body: undefined, id: 'health' },
      {
        answered: (status) => resolve(status >= 200 && status < 300),
        data: () => true,
        ended: () => {},
        failed: () => resolve(false),
      },
    )
    const passed = await promise
    clearTimeout(timer)
    connection.abandon()
    return passed
  }

  #judge(passed: boolean): void {
    const target = this.#target
    this.#inARow = passed === target.healthy ? 0 : this.#inARow + 1
    const needed = passed ? this.#settings.healthyAfter : this.#settings.unhealthyAfter
    if (this.#inARow < needed) return
    target.healthy = passed
    this.#inARow = 0
  }
}

const headers = ['user-agent', 'gateward-health']

/** A connection that is used once belongs to no pool. */
const nobody: ConnectionOwner = { freed() {}, closed() {} }
