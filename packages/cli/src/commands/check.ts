import { checkConfiguration } from '@gateward/gateway'
import { hasErrors } from '@gateward/kernel'
import type { Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { plural } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { countDiagnostics, tellDiagnostics } from '../tell-diagnostics.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** `gateward check`: everything that a start would say, without starting. */
export function addCheck(program: Command, { output, end }: CommandContext): void {
  addServeOptions(program.command('check'))
    .description('check the configuration and its contracts, and tell every mistake')
    .option('--json', 'the diagnostics as JSON')
    .action(async (options: ServeOptions & { json?: true }) => {
      const { diagnostics, operations } = await checkConfiguration(toConfigurationRequest(options))
      const valid = !hasErrors(diagnostics)
      if (options.json === true) output.out(JSON.stringify({ valid, operations, diagnostics }))
      else {
        if (diagnostics.length > 0) output.out(tellDiagnostics(diagnostics, output))
        const outcome = valid ? `${plural(operations, 'operation')} would be served` : 'nothing was loaded'
        output.out(`${countDiagnostics(diagnostics)} · ${outcome}`)
      }
      end(valid ? exitCode.fine : exitCode.invalid)
    })
}
