import { closeSync, openSync, write } from 'node:fs'

const flushAtCharacters = 65_536
const flushEveryMilliseconds = 200
const mostWaitingCharacters = 16_777_216

/**
 * Writes lines to a file or an open descriptor without ever making the writer wait: lines gather and go out together,
 * at the latest after 200 ms. What a slow disk or reader leaves waiting beyond 16 MiB is dropped and counted.
 */
export class LineWriter implements AsyncDisposable {
  /** Lines that were lost: the other side was too slow, or failed. */
  dropped = 0
  readonly #descriptor: number
  readonly #owned: boolean
  #lines: string[] = []
  #waiting = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  /** @param target a path (made with mode 0600, appended to) or an open descriptor */
  constructor(target: string | number) {
    this.#owned = typeof target === 'string'
    this.#descriptor = typeof target === 'string' ? openSync(target, 'a', 0o600) : target
  }

  write(line: string): void {
    if (this.#waiting + line.length > mostWaitingCharacters) {
      this.dropped++
      return
    }
    this.#lines.push(line)
    this.#waiting += line.length
    if (this.#waiting >= flushAtCharacters) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), flushEveryMilliseconds).unref()
  }

  /** Resolves when everything written before is with the operating system. */
  async flush(): Promise<void> {
    while (this.#lines.length > 0 || this.#writing !== undefined) {
      this.#start()
      await this.#writing
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    if (this.#owned) closeSync(this.#descriptor)
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#writing !== undefined || this.#lines.length === 0) return
    const lines = this.#lines
    this.#lines = []
    this.#writing = this.#writeWhole(Buffer.from(lines.join(''))).then((whole) => {
      this.#waiting = this.#lines.reduce((sum, line) => sum + line.length, 0)
      if (!whole) this.dropped += lines.length
      this.#writing = undefined
      if (this.#waiting >= flushAtCharacters) this.#start()
    })
  }

  async #writeWhole(bytes: Buffer): Promise<boolean> {
    let offset = 0
    while (offset < bytes.length) {
      const { written, code } = await this.#writeSome(bytes.subarray(offset))
      // A pipe that is full for the moment says EAGAIN; one that is closed will never take anything.
      if (code === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, 20))
      else if (code !== undefined) return false
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
