import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Diagnostic } from '@gateward/kernel'
import { loadContract, type Contract } from '@gateward/openapi'

/** A contract, or its mistakes, with what it was made from. */
export interface CachedContract {
  readonly contract: Contract | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly string[]
  /** SHA-256 over the content of all files, in hex. */
  readonly digest: string
}

/** Contracts that were compiled before: a reload compiles only those of which a file changed. */
export class ContractCache {
  #known = new Map<string, CachedContract>()
  #used = new Map<string, CachedContract>()

  /** Loads a contract, or gives the one that was made from the same bytes. */
  async load(file: string, allowNetwork: boolean): Promise<CachedContract> {
    const known = this.#known.get(file)
    // What came over the network can have changed without a file having done so.
    if (known !== undefined && !allowNetwork && (await digestOf(known.files)) === known.digest) {
      this.#used.set(file, known)
      return known
    }
    const result = await loadContract({ file }, { allowNetwork })
    const made = { ...result, digest: await digestOf(result.files) }
    this.#used.set(file, made)
    return made
  }

  /** Forgets what was not asked for since the last time, so that the cache is as large as the configuration. */
  prune(): void {
    this.#known = this.#used
    this.#used = new Map()
  }
}

async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) {
    const content = await readFile(file).catch(() => undefined)
    // The length keeps two files from being read as one other.
    hash.update(`${file}\0${content?.length ?? 'absent'}\0`)
    if (content !== undefined) hash.update(content)
  }
  return hash.digest('hex')
}
