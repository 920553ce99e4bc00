import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import { hasErrors } from '@gateward/kernel'
import type { Statement } from '../language/rule.ts'
import { PatternTooWide, findFiles, isPattern } from './find-files.ts'
import { parseRules } from './parse-rules.ts'
import { readRuleFile } from './read-rule-file.ts'

/** How far a load may go. */
export interface LoadRulesOptions {
  /** What relative paths of the given files are relative to; the process's directory unless given. */
  readonly directory?: string
  /** The most files that may be read; 500 unless given. */
  readonly maxFiles?: number
  /** The most bytes that all files may have together; 64 MiB unless given. */
  readonly maxBytes?: number
}

/** All statements of the files and of what they include. */
export interface LoadedRules {
  /** Empty where any diagnostic is an error: rules are never half loaded. */
  readonly statements: readonly Statement[]
  readonly diagnostics: readonly Diagnostic[]
  /** The files that were read, in their order, absolute. */
  readonly files: readonly string[]
  /** SHA-256 over the bytes of these files in their order, in hex; wherever they lie. */
  readonly digest: string
}

const deepestInclude = 16

/**
 * Reads rule files and, in its place, every file that `Include` and `IncludeOptional` name; relative names in a file
 * are relative to that file, or where nothing is there to the directory of the given ones. All mistakes of all files are told at once. Never rejects for what a file holds.
 */
export async function loadRules(
  files: readonly string[],
  options: LoadRulesOptions = {},
): Promise<LoadedRules> {
  const directory = resolve(options.directory ?? '.')
  const loader = new RuleLoader(directory, options.maxFiles ?? 500, options.maxBytes ?? 64 * 1024 * 1024)
  for (const file of files) await loader.include({ path: file, directory, optional: false, stack: [] })
  return loader.finish()
}

/** One mention of a file or pattern. */
interface Mention {
  readonly path: string
  readonly directory: string
  readonly optional: boolean
  /** The files that lead to it, to find circles. */
  readonly stack: readonly string[]
  readonly position?: SourcePosition
}

class RuleLoader {
  readonly #statements: Statement[] = []
  readonly #diagnostics: Diagnostic[] = []
  readonly #files: string[] = []
  readonly #hash = createHash('sha256')
  readonly #directory: string
  readonly #maxFiles: number
  #bytesLeft: number

  constructor(directory: string, maxFiles: number, maxBytes: number) {
    this.#directory = directory
    this.#maxFiles = maxFiles
    this.#bytesLeft = maxBytes
  }

  async include(mention: Mention): Promise<void> {
    if (mention.stack.length > deepestInclude) {
      return this.#refuse(mention, 'files include one another too deeply', 'include them from fewer files')
    }
    const files = await this.#find(mention)
    if (files.length === 0 && !mention.optional) {
      const fix = 'correct the path, or write IncludeOptional'
      this.#refuse(mention, `"${mention.path}" names no file`, fix)
    }
    for (const file of files) await this.#read(file, mention)
  }

  finish(): LoadedRules {
    const statements = hasErrors(this.#diagnostics) ? [] : this.#statements
    const digest = this.#hash.digest('hex')
    return { statements, diagnostics: this.#diagnostics, files: this.#files, digest }
  }

  async #find(mention: Mention): Promise<readonly string[]> {
    try {
      const beside = await findFiles(mention.path, mention.directory)
      if (mention.directory === this.#directory || (await isAnyThere(beside))) return beside
      // libmodsecurity looks from where it was started first.
      const fromStart = await findFiles(mention.path, this.#directory)
      return (await isAnyThere(fromStart)) ? fromStart : beside
    } catch (error) {
      if (!(error instanceof PatternTooWide)) throw error
      this.#refuse(
        mention,
        `"${mention.path}" looks through too many directories`,
        'name the files more closely',
      )
      return []
    }
  }

  async #read(file: string, mention: Mention): Promise<void> {
    if (mention.stack.includes(file))
      return this.#refuse(mention, `${file} includes itself`, 'take this line out')
    if (this.#files.length >= this.#maxFiles) {
      return this.#refuse(mention, `more than ${this.#maxFiles} files`, 'join them, or raise the limit')
    }
    const reading = await readRuleFile(file, this.#bytesLeft)
    if (reading.kind === 'missing' && mention.optional) return
    if (reading.kind !== 'read') {
      const reason = reading.kind === 'missing' ? 'is not there' : `cannot be read: ${reading.reason}`
      const fix = isPattern(mention.path) ? 'take it away' : 'correct the path'
      return this.#refuse(mention, `${file} ${reason}`, fix)
    }
    this.#bytesLeft -= reading.text.length
    this.#files.push(file)
    // The length keeps two files from being read as one other.
    this.#hash.update(`${reading.text.length}\0`).update(reading.text, 'latin1')
    await this.#take(file, reading.text, mention)
  }

  async #take(file: string, text: string, mention: Mention): Promise<void> {
    const { statements, diagnostics } = parseRules(text, file)
    this.#diagnostics.push(...diagnostics)
    for (const statement of statements) {
      const included = includeOf(statement)
      if (included === undefined) this.#statements.push(statement)
      else await this.#includeFrom(file, included, statement.position, mention)
    }
  }

  async #includeFrom(
    file: string,
    { paths, optional }: Inclusion,
    position: SourcePosition,
    mention: Mention,
  ): Promise<void> {
    const stack = [...mention.stack, file]
    if (paths.length === 0) {
      this.#refuse({ ...mention, position }, 'Include names no file', 'write the path of a rule file')
    }
    for (const path of paths)
      await this.include({ path, directory: dirname(file), optional, stack, position })
  }

  #refuse({ position }: Mention, message: string, fix: string): void {
    this.#diagnostics.push({
      code: 'include',
      severity: 'error',
      message,
      fix,
      ...(position !== undefined && { position }),
    })
  }
}

async function isAnyThere(files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) return true
  }
  return false
}

interface Inclusion {
  readonly paths: readonly string[]
  readonly optional: boolean
}

function includeOf(statement: Statement): Inclusion | undefined {
  if (statement.kind !== 'directive') return undefined
  const name = statement.name.toLowerCase()
  if (name !== 'include' && name !== 'includeoptional') return undefined
  return { paths: statement.values, optional: name === 'includeoptional' }
}
