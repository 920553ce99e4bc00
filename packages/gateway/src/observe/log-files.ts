import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ByteWriter, type ByteSink } from './byte-writer.ts'

/** Files that guards write lines of their own into. They outlive a reload: the same path is the same file. */
export class LogFiles implements AsyncDisposable {
  readonly #files = new Map<string, RotatingFile>()

  /**
   * Opens a file for appending, made with mode 0600, its folder with it; throws where it cannot be.
   * @param maximumSize bytes that it may have together with the one before it, of the first who opens it
   */
  open(path: string, maximumSize: number): ByteSink {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const file = new RotatingFile(path, maximumSize)
    this.#files.set(path, file)
    return file
  }

  /** Hands everything to the disk. */
  async flush(): Promise<void> {
    for (const file of this.#files.values()) await file.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file[Symbol.asyncDispose]()
  }
}

/**
 * A file with a bound: when it has half of what it may have, it becomes `<path>.1`, in the place of the one that was that
 * before, and begins anew. Who follows it by name finds the new one.
 */
class RotatingFile implements ByteSink, AsyncDisposable {
  readonly #path: string
  readonly #half: number
  #file: ByteWriter
  #size: number

  constructor(path: string, maximumSize: number) {
    this.#path = path
    this.#half = Math.max(4_096, Math.floor(maximumSize / 2))
    mkdirSync(dirname(path), { recursive: true })
    this.#size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    this.#file = new ByteWriter(path)
  }

  write(bytes: Buffer, lines: number): void {
    if (this.#size > 0 && this.#size + bytes.length > this.#half) this.#rotate()
    this.#size += bytes.length
    this.#file.write(bytes, lines)
  }

  flush(): Promise<void> {
    return this.#file.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }

  #rotate(): void {
    const full = this.#file
    try {
      renameSync(this.#path, `${this.#path}.1`)
      this.#file = new ByteWriter(this.#path)
    } catch {
      // A folder that is gone or full must not end an exchange: the file that is open goes on.
      return
    }
    this.#size = 0
    void full[Symbol.asyncDispose]()
  }
}
