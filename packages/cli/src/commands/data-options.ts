import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { loadConfiguration } from '@gateward/gateway'
import { DiagnosticError, hasErrors } from '@gateward/kernel'

/** Where a command that needs no running gateway finds its data. */
export interface DataOptions {
  readonly config?: string
  readonly data?: string
}

/** The file that is read where none is named. */
export const defaultConfigurationFile = 'gateward.yaml'

export function dataOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', `the configuration (default: ${defaultConfigurationFile} where it exists)`)
    .option('--data <folder>', 'the data folder (default: as configured, else ./data)')
}

/** The data folder: as named, else as configured, else `./data`. */
export async function dataFolder(options: DataOptions): Promise<string> {
  if (options.data !== undefined) return resolve(options.data)
  const file = options.config ?? (existsSync(defaultConfigurationFile) ? defaultConfigurationFile : undefined)
  if (file === undefined) return resolve('data')
  const { configuration, diagnostics } = await loadConfiguration({ file, env: process.env })
  if (configuration === undefined || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
  return resolve(configuration.data)
}
