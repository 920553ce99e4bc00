import type { Clock } from '@gateward/kernel'
import type { EndingEvent } from '../observe/events/event.ts'
import type { Observer } from '../observe/observer.ts'
import type { ApiKeyStore } from '../store/api-key-store.ts'
import type { VersionStore } from '../store/version-store.ts'
import type { UpstreamStatus } from '../upstream/upstream.ts'
import type { Waiver } from '../upstream/waivers.ts'
import { KeyLookout } from './key-lookout.ts'
import { exceptionsEnding, PlanLookout, type ServedPlan } from './plan-lookout.ts'

export interface LookoutOptions {
  readonly observer: Pick<
    Observer,
    | 'keyChanged'
    | 'endingNear'
    | 'planStageBegan'
    | 'upstreamChanged'
    | 'recordsDropped'
    | 'recordsFailure'
    | 'lost'
  >
  readonly apiKeys: ApiKeyStore
  readonly clock: Clock
  readonly upstreams: () => readonly UpstreamStatus[]
  readonly certificates: () => readonly { readonly names: readonly string[]; readonly notAfter: number }[]
  readonly waivers: () => readonly Waiver[]
  /** The plans by which versions end. */
  readonly plans: () => readonly ServedPlan[]
  readonly versions: Pick<VersionStore, 'begin'>
  readonly onFault: (thrown: unknown) => void
}

const day = 86_400_000

/** How long before its end something is told, once a day. */
const noticePeriod = 14 * day

/** Subjects whose last telling is remembered. */
const mostTold = 10_000

/** Looks every second at what changes without a request, and reports each change once, as an event. */
export class Lookout implements Disposable {
  readonly #options: LookoutOptions
  readonly #keys: KeyLookout
  readonly #plans: PlanLookout
  readonly #available = new Map<string, boolean>()
  readonly #toldAt = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #dropped = 0
  #looking = false

  constructor(options: LookoutOptions) {
    this.#options = options
    this.#keys = new KeyLookout(options.apiKeys)
    this.#plans = new PlanLookout(options.versions)
    this.#timer = setInterval(() => void this.look(), 1_000).unref()
  }

  /** One look; resolves when all that was seen is told. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      this.#lookAtUpstreams()
      this.#lookAtRecords()
      for (const change of await this.#keys.changes()) this.#options.observer.keyChanged(change)
      const now = this.#options.clock.now()
      for (const begun of await this.#plans.begun(this.#options.plans(), now))
        this.#options.observer.planStageBegan(begun)
      this.#lookAtEnds()
    } catch (thrown) {
      this.#options.onFault(thrown)
    } finally {
      this.#looking = false
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #lookAtUpstreams(): void {
    const statuses = this.#options.upstreams()
    for (const { name, available, breaker, targets } of statuses) {
      const before = this.#available.get(name) ?? true
      this.#available.set(name, available)
      if (before === available) continue
      const healthy = targets.filter((target) => target.healthy && target.ejectedUntil === 0).length
      const reason = `${healthy} of ${targets.length} targets are well, the breaker is ${breaker}`
      this.#options.observer.upstreamChanged({ upstream: name, available, reason })
    }
    const names = new Set(statuses.map(({ name }) => name))
    for (const name of this.#available.keys()) if (!names.has(name)) this.#available.delete(name)
  }

  #lookAtRecords(): void {
    const { observer } = this.#options
    const lost = observer.recordsDropped - this.#dropped
    if (lost <= 0) return
    this.#dropped += lost
    const { recordsFailure } = observer
    const reason =
      recordsFailure === undefined
        ? 'the disk was slower than the traffic'
        : `the disk did not take them (${recordsFailure})`
    observer.lost('records', lost, reason)
  }

  #lookAtEnds(): void {
    const { clock, certificates, plans, waivers } = this.#options
    const now = clock.now()
    const soon = now + noticePeriod
    for (const { names, notAfter } of certificates())
      if (notAfter < soon) {
        const subject = names[0] ?? 'gate'
        this.#tell({
          kind: 'certificate-ending',
          subject,
          detail: `certificate of ${subject}`,
          endsAt: notAfter,
        })
      }
    for (const ending of this.#keys.endingBefore(soon, now)) this.#tell(ending)
    for (const { upstream, owner, reason, expires } of waivers()) {
      const endsAt = Date.parse(`${expires}T00:00:00Z`) + day
      const detail = `waiver of ${owner} for TLS of upstream ${upstream}: ${reason}`
      if (endsAt < soon) this.#tell({ kind: 'waiver-ending', subject: upstream, detail, endsAt })
    }
    for (const ending of exceptionsEnding(plans(), now, soon)) this.#tell(ending)
  }

  #tell(ending: Omit<EndingEvent, 'time'>): void {
    const key = `${ending.kind} ${ending.subject}`
    const now = this.#options.clock.now()
    const toldAt = this.#toldAt.get(key)
    if (toldAt !== undefined && now - toldAt < day) return
    if (this.#toldAt.size >= mostTold) this.#toldAt.clear()
    this.#toldAt.set(key, now)
    this.#options.observer.endingNear(ending)
  }
}
