import type { Clock } from '@gateward/kernel'
import { ActiveHealth } from './active-health.ts'
import { createPicker, type Picker } from './balance.ts'
import { Breaker } from './breaker.ts'
import { Call, type CallContext } from './call.ts'
import { Patience } from '../exchange/patience.ts'
import type { ForwardPolicy } from './forward-headers.ts'
import type { ConnectionOptions } from './http1/connection-parties.ts'
import { PassiveHealth } from './passive-health.ts'
import type { TunnelBounds } from './relay.ts'
import { RetryBudget } from './retry-budget.ts'
import type { UpstreamSettings } from './settings.ts'
import { Target } from './target.ts'
import type { UpstreamTls } from './tls-options.ts'
import type {
  Upstream,
  UpstreamCall,
  UpstreamReceiver,
  UpstreamRequest,
  UpstreamStatus,
  UpgradeReceiver,
  UpgradeRequest,
} from './upstream.ts'
import { Handshake } from './handshake.ts'

/** An upstream over pools of keep-alive connections. */
export class PooledUpstream implements Upstream {
  readonly name: string
  readonly origins: ReadonlySet<string>
  readonly forwarding: ForwardPolicy
  readonly tunnelBounds: TunnelBounds
  readonly #settings: UpstreamSettings
  readonly #patience: Patience
  readonly #targets: readonly Target[]
  readonly #pick: Picker
  readonly #breaker: Breaker
  readonly #context: CallContext
  readonly #health: ActiveHealth | undefined
  readonly #tunnels = new Set<Handshake>()
  #calls = 0
  #idle: (() => void) | undefined

  constructor(name: string, settings: UpstreamSettings, tls: UpstreamTls, clock: Clock) {
    this.name = name
    this.origins = new Set(settings.targets.map(({ url }) => new URL(url).origin))
    this.forwarding = {
      preserveHost: settings.preserveHost,
      forwardCredentials: settings.forwardCredentials,
    }
    const { timeouts, upgrades } = settings
    this.tunnelBounds = { idle: timeouts.idle, longest: timeouts.stream, maxBytes: upgrades.maxBytes }
    this.#settings = settings
    this.#patience = new Patience(clock, lookInterval(settings))
    const passive = new PassiveHealth(settings.health.passive, clock)
    this.#targets = createTargets(settings, tls, passive, this.#patience)
    this.#pick = createPicker(settings.balance, this.#targets)
    this.#breaker = new Breaker(settings.breaker, clock)
    this.#context = {
      pick: this.#pick,
      breaker: this.#breaker,
      budget: new RetryBudget(settings.retries, clock),
      retryOn: new Set(settings.retries.on),
      attempts: settings.retries.attempts,
      total: timeouts.total,
      stream: timeouts.stream,
      patience: this.#patience,
      callEnded: () => this.#leave(),
    }
    const { active } = settings.health
    this.#health = active === undefined ? undefined : new ActiveHealth(active, this.#targets)
    this.#health?.start()
  }

  forward(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamCall {
    this.#calls++
    const call = new Call(this.#context, request, receiver)
    call.start()
    return call
  }

  upgrade(request: UpgradeRequest, receiver: UpgradeReceiver): { abort(): void } {
    this.#calls++
    const handshake: Handshake = new Handshake(
      {
        pick: this.#pick,
        breaker: this.#breaker,
        connect: this.#settings.timeouts.connect,
        response: this.#settings.timeouts.response,
        isFull: this.#tunnels.size >= this.#settings.upgrades.max,
        ended: () => {
          this.#tunnels.delete(handshake)
          this.#leave()
        },
      },
      request,
      receiver,
    )
    this.#tunnels.add(handshake)
    handshake.start()
    return handshake
  }

  status(): UpstreamStatus {
    return {
      name: this.name,
      available: this.#breaker.state !== 'open' && this.#targets.some((target) => target.isAvailable),
      breaker: this.#breaker.state,
      tunnels: this.#tunnels.size,
      targets: this.#targets.map((target) => target.status()),
    }
  }

  /** Lets what is under way go on for `timeouts.drain`, then breaks it off. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#health?.stop()
    await this.#drained()
    for (const tunnel of this.#tunnels) tunnel.abort()
    await Promise.all(this.#targets.map((target) => target.pool.destroy()))
    this.#patience[Symbol.dispose]()
  }

  #leave(): void {
    this.#calls--
    if (this.#calls === 0) this.#idle?.()
  }

  #drained(): Promise<void> {
    if (this.#calls === 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#settings.timeouts.drain)
    this.#idle = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }
}

function createTargets(
  settings: UpstreamSettings,
  tls: UpstreamTls,
  passive: PassiveHealth,
  patience: Patience,
): readonly Target[] {
  const { connections, timeouts } = settings
  return settings.targets.map(({ url, weight }) => {
    const { origin, protocol, hostname, port, host } = new URL(url)
    const plainHost = hostname.replace(/^\[|\]$/g, '')
    const isTls = protocol === 'https:'
    const options: ConnectionOptions = {
      endpoint: {
        host: plainHost,
        port: port === '' ? (isTls ? 443 : 80) : Number(port),
        tls: isTls
          ? { ...tls, serverName: settings.tls.servername ?? plainHost, session: undefined }
          : undefined,
      },
      host,
      connectTimeout: timeouts.connect,
      responseTimeout: timeouts.response,
      idleTimeout: timeouts.idle,
      keepAlive: connections.keepAlive,
      patience,
    }
    return new Target(origin, options, weight, connections, passive)
  })
}

/** Milliseconds between two looks at what is under way: no rarer than the shortest wait that depends on it allows. */
function lookInterval({ timeouts, connections }: UpstreamSettings): number {
  const { connect, response, idle, total } = timeouts
  return Math.max(1, Math.min(1_000, connect, response, idle, total, connections.keepAlive / 4))
}
