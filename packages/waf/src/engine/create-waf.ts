import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '@gateward/kernel'
import { hasErrors } from '@gateward/kernel'
import { loadRules } from '../1-parse/load-rules.ts'
import { checkStatements } from '../2-check/check-statements.ts'
import { compileRules } from '../3-compile/compile-rules.ts'
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
}

/** An engine, or why there is none. */
export interface CreatedWaf {
  /** Undefined where any diagnostic is an error: rules are never half loaded. */
  readonly waf: Waf | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Every rule file that was read, absolute: what to watch for changes. */
  readonly files: readonly string[]
}

const coreRules = join(import.meta.dirname, '../../rules/core.conf')

/**
 * Reads and compiles rules. All mistakes of all files are told at once; rejects only where the machine fails.
 *
 * @example
 * const { waf, diagnostics } = await createWaf({ rules: ['core'] })
 */
export async function createWaf(options: CreateWafOptions): Promise<CreatedWaf> {
  const paths = options.rules.map((rule) => (rule === 'core' ? coreRules : rule))
  const { directory } = options
  const loaded = await loadRules(paths, directory === undefined ? {} : { directory })
  const mistakes = [...loaded.diagnostics, ...checkStatements(loaded.statements)]
  if (hasErrors(mistakes)) return { waf: undefined, diagnostics: mistakes, files: loaded.files }
  const { ruleSet, diagnostics } = compileRules(loaded.statements, {
    directoryOf: dirname,
    readData: (file) => bytesOf(readFileSync(file)),
  })
  return {
    waf: ruleSet && new Waf(ruleSet, options.settings),
    diagnostics: [...mistakes, ...diagnostics],
    files: loaded.files,
  }
}
