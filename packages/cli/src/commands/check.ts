import { checkConfiguration } from '@gateward/gateway'
import { formatDiagnostics, type Diagnostic } from '@gateward/kernel'
import type { Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import type { CommandContext } from '../program.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** `gateward check`: everything that a start would say, without starting. */
export function addCheck(program: Command, { output, end }: CommandContext): void {
  addServeOptions(program.command('check'))
    .description('check the configuration and its contracts, and tell every mistake')
    .option('--json', 'the diagnostics as JSON')
    .action(async (options: ServeOptions & { json?: true }) => {
      const { diagnostics, operations } = await checkConfiguration(toConfigurationRequest(options))
      const errors = count(diagnostics, 'error')
      if (options.json === true) output.out(JSON.stringify({ valid: errors === 0, operations, diagnostics }))
      else {
        if (diagnostics.length > 0) output.out(formatDiagnostics(diagnostics))
        output.out(summary(errors, count(diagnostics, 'warning'), operations))
      }
      end(errors === 0 ? exitCode.fine : exitCode.invalid)
    })
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
}

function summary(errors: number, warnings: number, operations: number): string {
  if (errors > 0) return `${plural(errors, 'error')} · nothing was loaded`
  const found = warnings === 0 ? 'no mistakes' : plural(warnings, 'warning')
  return `${found} · ${plural(operations, 'operation')} would be served`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
