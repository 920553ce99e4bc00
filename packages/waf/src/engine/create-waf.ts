import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '@gateward/kernel'
import { hasErrors, inTurns } from '@gateward/kernel'
import { type LoadedRules, loadRules } from '../1-parse/load-rules.ts'
import { checkStatements } from '../2-check/check-statements.ts'
import { compileRules } from '../3-compile/compile-rules.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import type { WafSettings } from './waf.ts'
import { Waf } from './waf.ts'

/** Which rules, and how they run. */
export interface CreateWafOptions {
  /** `core` for the built-in set, or paths of rule files, in the order in which they are read. */
  readonly rules: readonly string[]
  /** What relative paths are relative to; the process's directory unless given. */
  readonly directory?: string
  readonly settings?: WafSettings
  /** What an earlier call with the same settings gave: it is given again, its collections with it, if no byte of any file differs. */
  readonly previous?: CreatedWaf
}

/** An engine, or why there is none. */
export interface CreatedWaf {
  /** Undefined where any diagnostic is an error: rules are never half loaded. */
  readonly waf: Waf | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Every file of rules and of their data that was read, absolute: what to watch for changes. */
  readonly files: readonly string[]
  /** SHA-256 over what the rule files hold, in hex, and by file over what the data files do. */
  readonly digests: { readonly rules: string; readonly data: ReadonlyMap<string, string> }
}

const coreRules = join(import.meta.dirname, '../../rules/core.conf')

/**
 * Reads and compiles rules, in turns with whatever else the process does. All mistakes of all files are told at once; rejects
 * only where the machine fails.
 *
 * @example
 * const { waf, diagnostics } = await createWaf({ rules: ['core'] })
 */
export async function createWaf(options: CreateWafOptions): Promise<CreatedWaf> {
  const { rules, directory, settings, previous } = options
  const paths = rules.map((rule) => (rule === 'core' ? coreRules : rule))
  const loaded = await loadRules(paths, directory === undefined ? {} : { directory })
  if (previous?.waf !== undefined && isUnchanged(previous, loaded)) return previous
  const data = new Map<string, string>()
  const digests = { rules: loaded.digest, data }
  const mistakes = [...loaded.diagnostics, ...checkStatements(loaded.statements)]
  if (hasErrors(mistakes)) return { waf: undefined, diagnostics: mistakes, files: loaded.files, digests }
  const compiling = compileRules(loaded.statements, {
    directoryOf: dirname,
    readData: (file) => {
      const bytes = bytesOf(readFileSync(file))
      data.set(file, digestOf(bytes))
      return bytes
    },
  })
  const { ruleSet, diagnostics } = await inTurns(compiling)
  return {
    waf: ruleSet && new Waf(ruleSet, settings),
    diagnostics: [...mistakes, ...diagnostics],
    files: [...loaded.files, ...data.keys()],
    digests,
  }
}

function isUnchanged({ files, digests }: CreatedWaf, loaded: LoadedRules): boolean {
  return (
    digests.rules === loaded.digest &&
    loaded.files.every((file, index) => files[index] === file) &&
    [...digests.data].every(([file, digest]) => digestOfFile(file) === digest)
  )
}

function digestOfFile(file: string): string | undefined {
  try {
    return digestOf(bytesOf(readFileSync(file)))
  } catch {
    return undefined
  }
}

function digestOf(bytes: ByteString): string {
  return createHash('sha256').update(bytes, 'latin1').digest('hex')
}
