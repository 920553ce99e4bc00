import { statSync } from 'node:fs'
import { hasErrors, type Clock, type Diagnostic } from '@gateward/kernel'
import { checkUpstream } from '../upstream/check-upstream.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import type { UpstreamSettings } from '../upstream/settings.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** The upstreams of the running site, kept over reloads: an upstream whose settings stay the same keeps its connections. */
export interface UpstreamRegistry extends AsyncDisposable {
  /** Begins the compilation of a site; exactly one of `keep` and `drop` must end it. One at a time. */
  begin(): UpstreamSelection
}

/** The upstreams that a site under compilation asks for. */
export interface UpstreamSelection {
  /** The upstream with this name and these settings: the running one, else a new one. */
  open(name: string, settings: UpstreamSettings, report: (diagnostic: Diagnostic) => void): Upstream
  /** The site runs now: upstreams it did not ask for are disposed of after a grace. */
  keep(): void
  /** The site will not run: upstreams that were made for it are disposed of. */
  drop(): void
}

interface Entry {
  readonly key: string
  readonly upstream: Upstream
}

/**
 * Makes a registry.
 * @param options.grace milliseconds after which a replaced upstream is disposed of: as long as an exchange may take from
 * its start to its forwarding, a minute by default. What is under way then drains by the upstream's own deadline.
 * @param options.onFault hears what went wrong while an upstream was disposed of
 */
export function createUpstreamRegistry(options: {
  readonly clock: Clock
  readonly grace?: number
  readonly onFault?: (thrown: unknown) => void
}): UpstreamRegistry {
  return new Registry(options.clock, options.grace ?? 60_000, options.onFault ?? (() => {}))
}

class Registry implements UpstreamRegistry {
  readonly #clock: Clock
  readonly #grace: number
  readonly #onFault: (thrown: unknown) => void
  #running: readonly Entry[] = []
  readonly #retired = new Map<Upstream, NodeJS.Timeout>()

  constructor(clock: Clock, grace: number, onFault: (thrown: unknown) => void) {
    this.#clock = clock
    this.#grace = grace
    this.#onFault = onFault
  }

  begin(): UpstreamSelection {
    const wanted: Entry[] = []
    return {
      open: (name, settings, report) => this.#open(wanted, name, settings, report),
      keep: () => {
        const unwanted = this.#running.filter((entry) => !wanted.includes(entry))
        this.#running = wanted
        for (const { upstream } of unwanted) this.#retire(upstream)
      },
      drop: () => {
        for (const entry of wanted) if (!this.#running.includes(entry)) this.#dispose(entry.upstream)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const upstreams = [...this.#running.map(({ upstream }) => upstream), ...this.#retired.keys()]
    for (const timer of this.#retired.values()) clearTimeout(timer)
    this.#running = []
    this.#retired.clear()
    await Promise.all(upstreams.map((upstream) => upstream[Symbol.asyncDispose]()))
  }

  #open(
    wanted: Entry[],
    name: string,
    settings: UpstreamSettings,
    report: (diagnostic: Diagnostic) => void,
  ): Upstream {
    const key = JSON.stringify([name, settings, fingerprints(settings)])
    const running = this.#running.find((entry) => entry.key === key)
    if (running !== undefined) {
      // A waiver may have expired since the upstream was made.
      const mistakes = checkUpstream(name, settings, this.#clock)
      mistakes.forEach(report)
      if (!hasErrors(mistakes)) wanted.push(running)
      return running.upstream
    }
    const upstream = createUpstream(name, settings, { clock: this.#clock, report })
    wanted.push({ key, upstream })
    return upstream
  }

  #retire(upstream: Upstream): void {
    const timer = setTimeout(() => {
      this.#retired.delete(upstream)
      this.#dispose(upstream)
    }, this.#grace)
    timer.unref()
    this.#retired.set(upstream, timer)
  }

  #dispose(upstream: Upstream): void {
    void Promise.resolve(upstream[Symbol.asyncDispose]()).catch(this.#onFault)
  }
}

/** What changes when the certificates that the settings name are renewed in place. */
function fingerprints({ tls }: UpstreamSettings): readonly string[] {
  return [tls.ca, tls.cert, tls.key].map((file) => {
    const stat = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
    return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`
  })
}
