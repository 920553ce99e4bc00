import { Connection, type ConnectionOptions } from './connection.ts'

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
export class ConnectionPool {
  readonly #options: ConnectionOptions
  readonly #bounds: PoolBounds
  readonly #connections: Connection[] = []
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
      this.#connections.length < this.#bounds.max ||
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

  /** The connection is free again. */
  giveBack(connection: Connection): void {
    for (const [passenger, timer] of this.#waiting) {
      clearTimeout(timer)
      this.#waiting.delete(passenger)
      passenger.board(connection)
      return
    }
    this.#idle.push(connection)
  }

  /** As `giveBack`, from within the HTTP client's report of an error, when it cannot yet take the next request. */
  giveBackSoon(connection: Connection): void {
    queueMicrotask(() => this.giveBack(connection))
  }

  async destroy(): Promise<void> {
    this.#destroyed = true
    for (const [passenger, timer] of this.#waiting) {
      clearTimeout(timer)
      this.#waiting.delete(passenger)
      passenger.leftBehind()
    }
    await Promise.all(this.#connections.map((connection) => connection.destroy()))
  }

  #grow(): Connection | undefined {
    if (this.#connections.length >= this.#bounds.max) return undefined
    const connection = new Connection(this.#options)
    this.#connections.push(connection)
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
