import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** How far a walk has come: everything on the pages before `next` is done. */
export interface Checkpoint {
  readonly next: string
  readonly rewritten: number
}

const schema = z.strictObject({ next: z.string(), rewritten: z.int().min(0) })

/** Keeps the way of one walk in the data folder, so that it can be broken off at any time and go on. */
export class CheckpointFile {
  readonly #file: string

  constructor(data: string, api: string, operation: string) {
    this.#file = join(data, 'reencrypt', `${encodeURIComponent(api)}.${encodeURIComponent(operation)}.json`)
  }

  read(): Checkpoint | undefined {
    if (!existsSync(this.#file)) return undefined
    return schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
  }

  write(checkpoint: Checkpoint): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    writeFileSync(`${this.#file}.new`, JSON.stringify(checkpoint), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
  }

  clear(): void {
    rmSync(this.#file, { force: true })
  }
}
