import { Fault, type Clock } from '@gateward/kernel'
import type { KeyObject } from 'node:crypto'
import type { IssuerKeySet } from './issuer-keys.ts'
import { readJsonWebKeySet, type KeyIndex } from './json-web-key-set.ts'
import type { KeySource } from './key-source.ts'

/** When a set is read again; all in milliseconds. */
export interface KeySetTiming {
  /** Between two reads of a set that is in order. */
  readonly refresh: number
  /** Before a read that failed is tried again; doubled after each failure up to a minute. */
  readonly retry: number
  /** Least time between two reads that unknown key ids ask for. */
  readonly cooldown: number
  /** Between two looks at whether a file has changed. */
  readonly watch: number
}

/** One load of a set, good or bad. */
export type KeySetEvent =
  | {
      readonly kind: 'loaded'
      readonly source: string
      readonly keys: number
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'failed'
      readonly source: string
      readonly reason: string
      /** Milliseconds since the keys in use were read; `undefined` where there are none. */
      readonly age: number | undefined
    }

export interface KeySetStatus {
  readonly source: string
  readonly keys: number
  /** Milliseconds since the keys in use were read; `undefined` where there never were any. */
  readonly age: number | undefined
  /** Why the last read failed; `undefined` where it did not. */
  readonly failure: string | undefined
}

/**
 * One issuer's keys, read again every so often and when a token names a key that is not there. Keys once had are kept
 * until better ones come: an issuer that is down for a day must not take the API with it.
 */
export class RefreshedKeySet implements IssuerKeySet, Disposable {
  readonly #source: KeySource
  readonly #clock: Clock
  readonly #report: (event: KeySetEvent) => void
  readonly #timing: KeySetTiming
  readonly #stop = new AbortController()
  #keys: KeyIndex | undefined
  #loadedAt = 0
  #failure: string | undefined
  #failures = 0
  #askedAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #watcher: NodeJS.Timeout | undefined
  #version: string | undefined

  constructor(input: {
    readonly source: KeySource
    readonly clock: Clock
    readonly report?: (event: KeySetEvent) => void
    readonly timing?: Partial<KeySetTiming>
  }) {
    this.#source = input.source
    this.#clock = input.clock
    this.#report = input.report ?? (() => {})
    this.#timing = { ...defaultTiming, ...input.timing }
    void this.#read()
    if (this.#source.version !== undefined) this.#watch()
  }

  find(kid: string | undefined, algorithm: string): readonly KeyObject[] | Promise<readonly KeyObject[]> {
    const found = this.#keys?.find(kid, algorithm)
    if (found !== undefined && (found.length > 0 || !this.#shouldAsk(kid))) return found
    return this.#readOnce().then(() => this.#findNow(kid, algorithm))
  }

  status(): KeySetStatus {
    return {
      source: this.#source.name,
      keys: this.#keys?.size ?? 0,
      age: this.#age(),
      failure: this.#failure,
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#watcher)
    this.#stop.abort(new Error('the gateway stops'))
  }

  #findNow(kid: string | undefined, algorithm: string): readonly KeyObject[] {
    if (this.#keys !== undefined) return this.#keys.find(kid, algorithm)
    throw new Fault('AUTHENTICATION_UNAVAILABLE', `no keys of ${this.#source.name} yet: ${this.#failure}`, {
      source: 'gateway',
      retryable: true,
    })
  }

  // Anyone can send a token with a made-up key id; the cooldown keeps them from making the gateway ask the issuer
  // each time, and from waiting for it.
  #shouldAsk(kid: string | undefined): boolean {
    if (kid === undefined || this.#keys?.knows(kid) === true) return false
    return this.#reading !== undefined || this.#clock.tick() - this.#askedAt >= this.#timing.cooldown
  }

  // Without any key, requests ask as seldom as with an unknown one: the background goes on trying by itself.
  #readOnce(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading
    const tick = this.#clock.tick()
    if (tick - this.#askedAt < this.#timing.cooldown) return Promise.resolve()
    return this.#read()
  }

  #read(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading
    this.#askedAt = this.#clock.tick()
    clearTimeout(this.#timer)
    this.#reading = this.#load()
      .then(
        (keys) => this.#accept(keys),
        (thrown: unknown) => this.#fail(thrown),
      )
      .finally(() => {
        this.#reading = undefined
        this.#schedule()
      })
    return this.#reading
  }

  async #load(): Promise<KeyIndex> {
    // Before reading: a change while it is read is then seen as one afterwards.
    this.#version = await this.#source.version?.()
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(loadDeadline)])
    return readJsonWebKeySet(await this.#source.read(signal))
  }

  #accept(keys: KeyIndex): void {
    if (this.#stop.signal.aborted) return
    this.#keys = keys
    this.#loadedAt = this.#clock.tick()
    this.#failure = undefined
    this.#failures = 0
    this.#report({ kind: 'loaded', source: this.#source.name, keys: keys.size, notes: keys.notes })
  }

  #fail(thrown: unknown): void {
    this.#failure = thrown instanceof Error ? thrown.message : String(thrown)
    if (this.#stop.signal.aborted) return
    this.#failures++
    this.#report({ kind: 'failed', source: this.#source.name, reason: this.#failure, age: this.#age() })
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return
    const { refresh, retry } = this.#timing
    const delay =
      this.#failures === 0 ? refresh : Math.min(longestRetry, retry * 2 ** Math.min(this.#failures - 1, 20))
    this.#timer = setTimeout(() => void this.#read(), withJitter(delay)).unref()
  }

  // Looking is cheaper and surer than the file system's own events, which network and container mounts do not have.
  #watch(): void {
    this.#watcher = setTimeout(() => {
      void this.#readIfChanged().finally(() => {
        if (!this.#stop.signal.aborted) this.#watch()
      })
    }, this.#timing.watch).unref()
  }

  async #readIfChanged(): Promise<void> {
    const version = await this.#source.version?.().catch(() => undefined)
    if (version !== undefined && version !== this.#version) await this.#read()
  }

  #age(): number | undefined {
    return this.#keys === undefined ? undefined : this.#clock.tick() - this.#loadedAt
  }
}

const defaultTiming: KeySetTiming = { refresh: 600_000, retry: 1_000, cooldown: 30_000, watch: 2_000 }

/** Milliseconds for all the documents of one load; less than a guard may take. */
const loadDeadline = 10_000

const longestRetry = 60_000

// A tenth more or less, so that many gateways do not ask an issuer all at once.
function withJitter(delay: number): number {
  return delay * (0.9 + Math.random() * 0.2)
}
