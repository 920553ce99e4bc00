/** Lines that a receiver will never take. */
export interface Refusal {
  readonly lines: number
  /** What it said of them, for people. */
  readonly reason: string
}

/** Brings lines to one receiver. */
export interface Transport extends AsyncDisposable {
  /**
   * Resolves when the receiver has all of them but those that it will never take; `undefined`: it has all.
   *
   * @throws Fault `DELIVERY_FAILED`: nothing is known of any of them, so all are sent again
   */
  send(lines: readonly string[]): Promise<Refusal | undefined>
}

/** Brings lines to a receiver that takes them as they lie in the queue, each with its line feed. */
export interface ByteTransport extends AsyncDisposable {
  /** Most bytes of lines that it wants at once; left out: the sink's own measure. A single longer line comes whole. */
  readonly batch?: number
  /** As `send`. */
  sendBytes(bytes: Buffer): Promise<Refusal | undefined>
}
