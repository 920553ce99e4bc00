/** The way back to the client, whatever protocol it speaks; the server implements it. */
export interface Reply {
  /** Whether the client is gone; then everything else does nothing. */
  readonly closed: boolean
  /** Sends an answer whole; `bytes` undefined: no body. Sets `content-length`. */
  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void
  /** Sends status and headers of an answer whose body follows. */
  head(status: number, headers: readonly string[]): void
  /** Returns false where the client reads slower than this; `drained` is called when it has caught up. */
  write(chunk: Buffer): boolean
  end(): void
  /** Breaks the connection (HTTP/2: the stream), so that a broken answer is never taken for a whole one. */
  abort(): void
  /** Called once when the client can take more after `write` returned false. */
  onDrain(callback: () => void): void
  /** Called once when the answer is out or the client is gone. */
  onClose(callback: (whole: boolean) => void): void
  /** Bytes of body sent so far. */
  readonly bytesSent: number
}
