import { configurationJsonSchema, loadConfiguration, printConfiguration } from '@gateward/gateway'
import { DiagnosticError } from '@gateward/kernel'
import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** `gateward config schema|print`: the JSON Schema for editors, and the settings as they are in effect. */
export function addConfig(program: Command, { output }: CommandContext): void {
  const config = program.command('config').description('look at the configuration')
  config
    .command('schema')
    .description('the JSON Schema of the configuration, for editors')
    .option('--json', 'as it is: the schema is JSON anyway')
    .action(() => output.out(JSON.stringify(configurationJsonSchema(), undefined, 2)))
  addServeOptions(config.command('print'))
    .description('every setting in effect, defaults and all, secrets redacted')
    .option('--json', 'as JSON instead of YAML')
    .action(async (options: ServeOptions & { json?: true }) => {
      const { configuration, diagnostics } = await loadConfiguration(toConfigurationRequest(options))
      if (configuration === undefined) throw new DiagnosticError(diagnostics)
      output.out(printConfiguration(configuration, options.json === true ? 'json' : 'yaml').trimEnd())
    })
}
