/** Brings lines to one receiver. */
export interface Transport extends AsyncDisposable {
  /**
   * Resolves when the receiver has all of them; those that it will never take are counted.
   *
   * @returns how many it refused for ever
   * @throws Fault `DELIVERY_FAILED`: nothing is known of any of them, so all are sent again
   */
  send(lines: readonly string[]): Promise<number>
}

/** Brings lines to a receiver that takes them as they lie in the queue, each with its line feed. */
export interface ByteTransport extends AsyncDisposable {
  /** As `send`. */
  sendBytes(bytes: Buffer): Promise<number>
}
