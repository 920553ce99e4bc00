import { closeSync, openSync, write } from 'node:fs'

const mostWaitingBytes = 16_777_216

/** Where batches of lines go; writing never waits. */
export interface ByteSink {
  /** @param lines how many lines the bytes hold, to be counted where they are lost */
  write(bytes: Buffer, lines: number): void
}

/**
 * Writes bytes to a file or an open descriptor, one batch after the other, without ever making the writer wait.
 * What a slow disk or reader leaves waiting beyond 16 MiB is dropped and counted.
 */
export class ByteWriter implements ByteSink, AsyncDisposable {
  /** Lines that were lost: the other side was too slow, or failed. */
  dropped = 0
  /** Of the last write that failed, such as `ENOSPC`; `undefined`: what was lost had to wait for too long. */
  failure: string | undefined
  readonly #descriptor: number
  readonly #owned: boolean
  readonly #onFailure: ((code: string) => void) | undefined
  readonly #queue: { readonly bytes: Buffer; readonly lines: number }[] = []
  #waiting = 0
  #writing: Promise<void> | undefined

  /**
   * @param target a path (made with mode 0600, appended to) or an open descriptor
   * @param onFailure told of every write that failed, with its code
   */
  constructor(target: string | number, onFailure?: (code: string) => void) {
    this.#owned = typeof target === 'string'
    this.#onFailure = onFailure
    this.#descriptor = typeof target === 'string' ? openSync(target, 'a', 0o600) : target
  }

  write(bytes: Buffer, lines: number): void {
    if (this.#waiting + bytes.length > mostWaitingBytes) {
      this.dropped += lines
      return
    }
    this.#queue.push({ bytes, lines })
    this.#waiting += bytes.length
    this.#writing ??= this.#writeQueue()
  }

  /** Resolves when everything written before is with the operating system. */
  async flush(): Promise<void> {
    await this.#writing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    if (this.#owned) closeSync(this.#descriptor)
  }

  async #writeQueue(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (!(await this.#writeWhole(next.bytes))) this.dropped += next.lines
      this.#waiting -= next.bytes.length
    }
    this.#writing = undefined
  }

  async #writeWhole(bytes: Buffer): Promise<boolean> {
    let offset = 0
    while (offset < bytes.length) {
      const { written, code } = await this.#writeSome(bytes.subarray(offset))
      // A pipe that is full for the moment says EAGAIN; one that is closed will never take anything.
      if (code === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, 20))
      else if (code !== undefined) {
        this.failure = code
        this.#onFailure?.(code)
        return false
      }
      offset += written
    }
    return true
  }

  #writeSome(bytes: Buffer): Promise<{ written: number; code: string | undefined }> {
    const { promise, resolve } = Promise.withResolvers<{ written: number; code: string | undefined }>()
    write(this.#descriptor, bytes, (error, written) =>
      resolve({ written: error === null ? written : 0, code: error?.code }),
    )
    return promise
  }
}
