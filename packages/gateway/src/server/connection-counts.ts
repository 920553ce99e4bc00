/** Counts open connections in all and by address, and says when there are enough. */
export class ConnectionCounts {
  readonly #max: number
  readonly #maxPerAddress: number
  readonly #byAddress = new Map<string, number>()
  #all = 0

  constructor(max: number, maxPerAddress: number) {
    this.#max = max
    this.#maxPerAddress = maxPerAddress
  }

  /** Takes a place among all connections; false: there is none. */
  enter(): boolean {
    if (this.#all >= this.#max) return false
    this.#all++
    return true
  }

  leave(): void {
    this.#all--
  }

  /** Takes a place for an address; false: it has all it may have. The map is bounded by the number of connections. */
  enterAddress(key: string): boolean {
    const count = this.#byAddress.get(key) ?? 0
    if (count >= this.#maxPerAddress) return false
    this.#byAddress.set(key, count + 1)
    return true
  }

  leaveAddress(key: string): void {
    const count = (this.#byAddress.get(key) ?? 0) - 1
    if (count > 0) this.#byAddress.set(key, count)
    else this.#byAddress.delete(key)
  }
}
