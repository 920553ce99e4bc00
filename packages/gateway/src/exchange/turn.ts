import type { Socket } from 'node:net'

/** Has read something, and waits to act on it. It throws nothing. */
export interface Waiting {
  act(): void
}

/**
 * One turn of the event loop in three steps: all that has come is read, all of it is decided, all that follows is sent. Each call to
 * the kernel costs more than itself, since the processor has forgotten the program's code when it comes back: under load this way
 * many exchanges share that price. An exchange alone has its turn at once, with nothing between its reading and its sending.
 */
export class Turn {
  readonly #longestHold: number
  #waiting: Waiting[] = []
  #held: Socket[] = []
  #heldSince = 0
  #isComing = false

  /** @param longestHold milliseconds after which what was written is sent, though others still wait to act */
  constructor(longestHold = 0.5) {
    this.#longestHold = longestHold
  }

  /** Has it act when everything was read that came in this turn. */
  await(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#come()
  }

  /**
   * Keeps what is written to a socket from now on until everything of this turn was decided, at most half a millisecond longer than one
   * decision takes.
   */
  hold(socket: Socket): void {
    if (socket.writableCorked > 0) return
    if (this.#held.length === 0) this.#heldSince = performance.now()
    socket.cork()
    this.#held.push(socket)
    this.#come()
  }

  #come(): void {
    if (this.#isComing) return
    this.#isComing = true
    setImmediate(this.#run)
  }

  readonly #run = (): void => {
    this.#isComing = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const each of waiting) {
      each.act()
      if (this.#held.length > 0 && performance.now() - this.#heldSince > this.#longestHold) this.#send()
    }
    this.#send()
  }

  #send(): void {
    const held = this.#held
    this.#held = []
    for (const socket of held) socket.uncork()
  }
}

/** A process has one event loop, and so one turn. */
export const turn = new Turn()
