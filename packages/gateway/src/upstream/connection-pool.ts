import { Connection } from './http1/connection.ts'
import type { ConnectionOptions, ConnectionOwner } from './http1/connection-parties.ts'

/** Who waits for a connection. Exactly one of these is called, or neither after `withdraw`. */
export interface Passenger {
  board(connection: Connection): void
  /** No connection came free in the time it may wait. */
  leftBehind(): void
}

/** Bounds of a pool; `queueFor` in milliseconds. */
export interface PoolBounds {
  readonly max: number
  readonly queue: number
  readonly queueFor: number
}

/** The connections to one target: the one used last is used next, so that the others may close. */
export class ConnectionPool implements ConnectionOwner {
  readonly #options: ConnectionOptions
  readonly #bounds: PoolBounds
  readonly #connections = new Set<Connection>()
  readonly #idle: Connection[] = []
  readonly #waiting = new Map<Passenger, NodeJS.Timeout>()
  #destroyed = false

  constructor(options: ConnectionOptions, bounds: PoolBounds) {
    this.#options = options
    this.#bounds = bounds
  }

  /** Whether a request would be sent or may wait. */
  get hasRoom(): boolean {
    if (this.#destroyed) return false
    return (
      this.#idle.length > 0 ||
      this.#connections.size < this.#bounds.max ||
      this.#waiting.size < this.#bounds.queue
    )
  }

  get open(): number {
    let open = 0
    for (const connection of this.#connections) if (connection.isOpen) open++
    return open
  }

  get queued(): number {
    return this.#waiting.size
  }

  /** Gives the passenger a connection, at once or within its time; call it only while there is room. */
  take(passenger: Passenger): void {
    const connection = this.#idle.pop() ?? this.#grow()
    if (connection === undefined) this.#enqueue(passenger)
    else passenger.board(connection)
  }

  /** The passenger no longer wants a connection. */
  withdraw(passenger: Passenger): void {
    clearTimeout(this.#waiting.get(passenger))
    this.#waiting.delete(passenger)
  }

  freed(connection: Connection): void {
    const passenger = this.#next()
    if (passenger === undefined) this.#idle.push(connection)
    else passenger.board(connection)
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection)
    const place = this.#idle.indexOf(connection)
    if (place !== -1) this.#idle.splice(place, 1)
    if (this.#destroyed) return
    const passenger = this.#next()
    if (passenger !== undefined) this.take(passenger)
  }

  async destroy(): Promise<void> {
    this.#destroyed = true
    for (let passenger = this.#next(); passenger !== undefined; passenger = this.#next())
      passenger.leftBehind()
    await Promise.all([...this.#connections].map((connection) => connection.destroy()))
  }

  /** Takes the one that has waited longest out of the queue. */
  #next(): Passenger | undefined {
    if (this.#waiting.size === 0) return undefined
    for (const passenger of this.#waiting.keys()) {
      this.withdraw(passenger)
      return passenger
    }
    return undefined
  }

  #grow(): Connection | undefined {
    if (this.#connections.size >= this.#bounds.max) return undefined
    const connection = new Connection(this.#options, this)
    this.#connections.add(connection)
    return connection
  }

  #enqueue(passenger: Passenger): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(passenger)
      passenger.leftBehind()
    }, this.#bounds.queueFor)
    this.#waiting.set(passenger, timer)
  }
}
