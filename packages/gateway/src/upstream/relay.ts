import type { Duplex } from 'node:stream'

/** How long and how much a tunnel may carry. */
export interface TunnelBounds {
  /** Milliseconds without a byte either way. */
  readonly idle: number
  /** Milliseconds in all. */
  readonly longest: number
  /** Bytes, both ways together. */
  readonly maxBytes: number
}

/** Why a tunnel ended, and what it carried; bytes. */
export interface TunnelEnd {
  readonly reason: 'closed' | 'broken' | 'idle' | 'too-long' | 'too-much'
  readonly fromClient: number
  readonly fromService: number
}

/**
 * Carries bytes between two connections until one side closes, breaks, or a bound is reached; then both are gone. Each
 * side is read only as fast as the other takes it. `done` is called once, when both are closed.
 */
export function relay(
  client: Duplex,
  service: Duplex,
  bounds: TunnelBounds,
  done: (end: TunnelEnd) => void,
): void {
  new Relay(client, service, bounds, done).start()
}

class Relay {
  readonly #client: Duplex
  readonly #service: Duplex
  readonly #bounds: TunnelBounds
  readonly #done: (end: TunnelEnd) => void
  readonly #longest: NodeJS.Timeout
  readonly #idle: NodeJS.Timeout
  #linger: NodeJS.Timeout | undefined
  #fromClient = 0
  #fromService = 0
  #reason: TunnelEnd['reason'] | undefined
  #open = 2

  constructor(client: Duplex, service: Duplex, bounds: TunnelBounds, done: (end: TunnelEnd) => void) {
    this.#client = client
    this.#service = service
    this.#bounds = bounds
    this.#done = done
    this.#longest = setTimeout(() => this.#break('too-long'), bounds.longest)
    this.#idle = setTimeout(() => this.#break('idle'), bounds.idle)
  }

  start(): void {
    this.#carry(this.#client, this.#service, (size) => (this.#fromClient += size))
    this.#carry(this.#service, this.#client, (size) => (this.#fromService += size))
  }

  #carry(from: Duplex, to: Duplex, count: (size: number) => void): void {
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      this.#idle.refresh()
      if (this.#fromClient + this.#fromService > this.#bounds.maxBytes) this.#break('too-much')
      else if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      this.#idle.refresh()
      from.resume()
    })
    from.on('end', () => this.#finish(to))
    from.on('error', () => this.#break('broken'))
    if (from.closed) this.#closed(from, to)
    else from.once('close', () => this.#closed(from, to))
    from.resume()
  }

  // One side has said all it will; the other may still answer, but not for ever.
  #finish(to: Duplex): void {
    this.#reason ??= 'closed'
    to.end()
    this.#linger ??= setTimeout(() => this.#destroy(), lingerMilliseconds)
  }

  #closed(from: Duplex, to: Duplex): void {
    this.#open--
    if (!from.readableEnded) this.#break('broken')
    else if (!to.closed) this.#finish(to)
    if (this.#open === 0) this.#conclude()
  }

  #break(reason: TunnelEnd['reason']): void {
    this.#reason ??= reason
    this.#destroy()
  }

  #destroy(): void {
    this.#client.destroy()
    this.#service.destroy()
  }

  #conclude(): void {
    clearTimeout(this.#longest)
    clearTimeout(this.#idle)
    clearTimeout(this.#linger)
    this.#done({
      reason: this.#reason ?? 'closed',
      fromClient: this.#fromClient,
      fromService: this.#fromService,
    })
  }
}

const lingerMilliseconds = 5_000
