import { Client } from 'undici'
import { buildConnector } from 'undici'
import { isIP } from 'node:net'
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
  readonly #client: Client
  #timer: NodeJS.Timeout | undefined
  #inARow = 0
  #stopped = false

  constructor(settings: ActiveHealthSettings, target: Target) {
    const { origin, tls, serverName } = target.options
    this.#settings = settings
    this.#target = target
    const name = isIP(serverName) === 0 ? { servername: serverName } : {}
    this.#client = new Client(origin, {
      allowH2: false,
      // A connection of its own for each check shows that new ones can be made.
      pipelining: 0,
      headersTimeout: settings.timeout,
      bodyTimeout: settings.timeout,
      connect: buildConnector({ ...tls, ...name, allowH2: false, timeout: settings.timeout }),
    })
  }

  start(): void {
    void this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#client.destroy()
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

  async #ask(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(this.#settings.timeout)
      const { statusCode, body } = await this.#client.request({
        method: 'GET',
        path: this.#settings.path,
        headers: ['user-agent', 'gateward-health'],
        signal,
      })
      // The head says it all, and the body might never end.
      body.on('error', ignore)
      body.destroy()
      return statusCode >= 200 && statusCode < 300
    } catch {
      return false
    }
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

function ignore(): void {}
