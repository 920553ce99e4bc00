import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  keyringDefaults,
  loadConfiguration,
  storeFile,
  type Configuration,
  type KeyringLocation,
} from '@gateward/gateway'
import { DiagnosticError } from '@gateward/kernel'
import type { Command } from 'commander'

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
  return resolve((await configurationNamed(options))?.data ?? 'data')
}

/**
 * Where keys are kept and what they are made for: as named, else as configured, else the defaults of a configuration;
 * and the tiers there are, where a configuration says.
 */
export async function keyringOptions(
  options: DataOptions & { environment?: string },
): Promise<
  KeyringLocation & { readonly environment: string; readonly tiers: readonly string[] | undefined }
> {
  const configuration = await configurationNamed(options)
  return {
    data: resolve(options.data ?? configuration?.data ?? 'data'),
    environment: options.environment ?? configuration?.environment ?? 'live',
    keyring: configuration?.keyring ?? keyringDefaults(),
    tiers: configuration === undefined ? undefined : Object.keys(configuration.tiers),
  }
}

/**
 * As `keyringOptions`, for commands about what a gateway has kept: a folder without any of it is most likely a wrong one, and to make a
 * new store there would let a command say that all is well.
 *
 * @throws DiagnosticError where the folder holds no store
 */
export async function existingKeyringOptions(options: DataOptions): ReturnType<typeof keyringOptions> {
  const found = await keyringOptions(options)
  if (existsSync(join(found.data, storeFile))) return found
  throw new DiagnosticError([
    {
      code: 'no-data',
      severity: 'error',
      message: `no gateway has kept anything in ${found.data}`,
      fix: 'name the data folder of the gateway: --data FOLDER',
    },
  ])
}

/** The configuration that is named, or lies here; `undefined` where there is none. */
export async function configurationNamed(options: DataOptions): Promise<Configuration | undefined> {
  const file = options.config ?? (existsSync(defaultConfigurationFile) ? defaultConfigurationFile : undefined)
  if (file === undefined) return undefined
  const { configuration, diagnostics } = await loadConfiguration({ file, env: process.env })
  // With the data folder named, a file that happens to lie here and is broken must not stand in the way of ending a key.
  const isNeeded = options.config !== undefined || options.data === undefined
  if (configuration === undefined && isNeeded) throw new DiagnosticError(diagnostics)
  return configuration
}
