import { existsSync } from 'node:fs'
import { loadConfiguration, wafRulesOf } from '@gateward/gateway'
import { DiagnosticError } from '@gateward/kernel'
import { createWaf, type Waf } from '@gateward/waf'
import type { Command } from 'commander'
import { defaultConfigurationFile } from '../commands/data-options.ts'
import type { Output } from '../output.ts'
import { tellDiagnostics } from '../tell-diagnostics.ts'

/** Where the rules come from that a command works with. */
export interface RuleOptions {
  readonly config?: string
  readonly rules?: readonly string[]
}

export function ruleOptions(command: Command): Command {
  return command
    .option(
      '--rules <file...>',
      'rule files in their order, `core` for the built-in set (default: as configured, else core)',
    )
    .option('-c, --config <file>', `the configuration (default: ${defaultConfigurationFile} where it exists)`)
}

/**
 * Loads the rules: as named, else as configured, else `core`. Throws a `DiagnosticError` with every mistake in them.
 *
 * @param output told what loads and should be looked at all the same
 */
export async function loadRuleOptions(options: RuleOptions, output?: Output): Promise<Waf> {
  const rules = options.rules ?? (await configuredRules(options.config)) ?? ['core']
  const { waf, diagnostics } = await createWaf({ rules })
  if (waf === undefined) throw new DiagnosticError(diagnostics)
  if (output !== undefined && diagnostics.length > 0) {
    output.err(`${tellDiagnostics(diagnostics, { width: output.width })}\n`)
  }
  if (waf.rules === 0) output?.err('There is no rule in what was loaded: nothing can match.')
  return waf
}

async function configuredRules(named: string | undefined): Promise<readonly string[] | undefined> {
  const file = named ?? (existsSync(defaultConfigurationFile) ? defaultConfigurationFile : undefined)
  if (file === undefined) return undefined
  const { configuration, diagnostics } = await loadConfiguration({ file, env: process.env })
  if (configuration === undefined) throw new DiagnosticError(diagnostics)
  return wafRulesOf(configuration)
}
