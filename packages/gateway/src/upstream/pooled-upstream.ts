import type { Clock } from '@gateward/kernel'
import type { buildConnector } from 'undici'
import { ActiveHealth } from './active-health.ts'
import { createPicker, type Picker } from './balance.ts'
import { Breaker } from './breaker.ts'
import { Call, type CallContext } from './call.ts'
import type { ForwardPolicy } from './forward-headers.ts'
import { PassiveHealth } from './passive-health.ts'
import type { TunnelBounds } from './relay.ts'
import { RetryBudget } from './retry-budget.ts'
import type { UpstreamSettings } from './settings.ts'
import { Target } from './target.ts'
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
  readonly forwarding: ForwardPolicy
  readonly tunnelBounds: TunnelBounds
  readonly #settings: UpstreamSettings
  readonly #targets: readonly Target[]
  readonly #pick: Picker
  readonly #breaker: Breaker
  readonly #context: CallContext
  readonly #health: ActiveHealth | undefined
  readonly #tunnels = new Set<Handshake>()
  #calls = 0
  #idle: (() => void) | undefined

  constructor(name: string, settings: UpstreamSettings, tls: buildConnector.BuildOptions, clock: Clock) {
    this.name = name
    this.forwarding = {
      preserveHost: settings.preserveHost,
      forwardCredentials: settings.forwardCredentials,
    }
    const { timeouts, upgrades } = settings
    this.tunnelBounds = { idle: timeouts.idle, longest: timeouts.stream, maxBytes: upgrades.maxBytes }
    this.#settings = settings
    this.#targets = createTargets(settings, tls, new PassiveHealth(settings.health.passive, clock))
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
  tls: buildConnector.BuildOptions,
  passive: PassiveHealth,
): readonly Target[] {
  const { connections, timeouts } = settings
  return settings.targets.map(({ url, weight }) => {
    const { origin, hostname } = new URL(url)
    const options = {
      origin,
      serverName: settings.tls.servername ?? hostname.replace(/^\[|\]$/g, ''),
      connectTimeout: timeouts.connect,
      responseTimeout: timeouts.response,
      idleTimeout: timeouts.idle,
      keepAlive: connections.keepAlive,
      tls,
    }
    return new Target(options, weight, connections, passive)
  })
}
