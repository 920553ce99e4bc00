import { toFault, type Clock } from '@gateward/kernel'
import { backoff } from '../delivery/backoff.ts'
import { LaterFault } from '../delivery/post.ts'
import type { TimedSeries } from '../observe/exchange-metrics.ts'
import { assertTaken, type OtlpPoster } from './otlp-poster.ts'
import { encode } from './protobuf/encode.ts'
import { exportRequests } from './protobuf/messages.ts'
import type { Sender } from './resource.ts'
import { toMetrics, type GatheredMetric } from './to-metrics.ts'

export interface MetricExportOptions {
  readonly poster: OtlpPoster
  readonly sender: Sender
  /** Milliseconds between two exports. */
  readonly every: number
  readonly gather: () => Promise<readonly GatheredMetric[]>
  readonly exchanges: () => readonly TimedSeries[]
  readonly clock: Clock
  readonly onChange: (reachable: boolean, reason: string) => void
}

const shortestPause = 1_000

/**
 * Sends all metrics again and again. They count from the start of the process, so nothing waits in a queue: what one export
 * could not bring, the next one does. The last one goes out when the gateway stops.
 */
export class MetricExport implements AsyncDisposable {
  readonly #options: MetricExportOptions
  readonly #startedAt: number
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #failures = 0

  constructor(options: MetricExportOptions) {
    this.#options = options
    this.#startedAt = options.clock.now()
    this.#running = this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#export()
    await this.#options.poster[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    const { every } = this.#options
    let pause = every
    while (!this.#stop.signal.aborted) {
      await this.#pause(pause)
      if (this.#stop.signal.aborted) return
      const asked = await this.#export()
      // Sooner than the next turn, so that a short outage leaves no gap; never sooner than the receiver wants.
      pause =
        this.#failures === 0
          ? every
          : Math.max(asked, Math.min(every, backoff(this.#failures, shortestPause, every)))
    }
  }

  /** Gives how long the receiver wants to be left alone, milliseconds. */
  async #export(): Promise<number> {
    const { poster, onChange } = this.#options
    try {
      assertTaken(await poster.send(await this.#body(), 1), 'metrics')
      if (this.#failures > 0) onChange(true, 'it takes metrics again')
      this.#failures = 0
      return 0
    } catch (thrown) {
      if (this.#failures++ === 0) onChange(false, toFault(thrown).message)
      return thrown instanceof LaterFault ? thrown.after : 0
    }
  }

  async #body(): Promise<string | Buffer> {
    const { gather, exchanges, sender, clock, poster } = this.#options
    const gathered = await gather()
    const metrics = toMetrics(gathered, exchanges(), { from: this.#startedAt, to: clock.now() })
    const { resource, scope } = sender
    const request = { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }
    return poster.encoding === 'json' ? JSON.stringify(request) : encode(exportRequests.metrics, request)
  }

  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, milliseconds).unref()
    this.#stop.signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
  }
}
