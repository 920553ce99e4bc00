/** An HTTP/1.1 reply that is not out yet, as its connection sees it. */
export interface PendingReply {
  /** Whether this answer is the connection's last. */
  last: boolean
  readonly headSent: boolean
  /** Whether the request has not arrived whole. */
  readonly incomplete: boolean
  /** Ends the exchange, once. */
  settle(whole: boolean): void
}
