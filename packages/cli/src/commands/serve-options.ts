import { existsSync } from 'node:fs'
import type { ConfigurationRequest } from '@gateward/gateway'
import { InvalidArgumentError, type Command } from 'commander'
import { UsageError } from '../usage-error.ts'
import { defaultConfigurationFile } from './data-options.ts'

/** Where a configuration comes from on the command line: a file, or a contract and an upstream. */
export interface ServeOptions {
  readonly config?: string
  readonly contract?: string
  readonly upstream?: string
  readonly anonymous?: true
  readonly host?: string
  readonly port?: number
  readonly adminPort?: number
  readonly data?: string
}

export function addServeOptions(command: Command): Command {
  return command
    .option(
      '-c, --config <file>',
      `the configuration (default: ${defaultConfigurationFile}, unless --contract is given)`,
    )
    .option('--contract <file>', 'an OpenAPI document instead of a configuration file, or none')
    .option('--upstream <url>', 'the service behind the gate; goes with --contract')
    .option('--anonymous', 'open what the contract declares no security for (default: an API key is needed)')
    .option('--host <address>', 'where the encrypted port listens')
    .option('--port <number>', 'the encrypted port; 0 takes a free one', toPort)
    .option('--admin-port <number>', 'the port of /livez, /readyz and /metrics', toPort)
    .option('--data <folder>', 'the data folder')
}

/**
 * What the gateway is asked to load: flags alone where they name an API, else the file with the flags above it.
 * Throws a {@link UsageError} where there is neither.
 */
export function toConfigurationRequest(options: ServeOptions): ConfigurationRequest {
  const { config, ...flags } = options
  const needsNoFile = flags.contract !== undefined || flags.upstream !== undefined
  const file = config ?? (needsNoFile ? undefined : findDefaultFile())
  return { ...(file === undefined ? {} : { file }), env: process.env, flags: pick(flags) }
}

function findDefaultFile(): string {
  if (existsSync(defaultConfigurationFile)) return defaultConfigurationFile
  throw new UsageError(
    `there is no ${defaultConfigurationFile} here, and nothing else says what to stand before`,
    'Name a file with --config, or go without one: --contract openapi.yaml --upstream http://127.0.0.1:3000',
  )
}

function pick(flags: Omit<ServeOptions, 'config'>): NonNullable<ConfigurationRequest['flags']> {
  const { contract, upstream, anonymous, host, port, adminPort, data } = flags
  return {
    ...(contract === undefined ? {} : { contract }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(anonymous === undefined ? {} : { anonymous }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(adminPort === undefined ? {} : { adminPort }),
    ...(data === undefined ? {} : { data }),
  }
}

/** A TCP port as it is written on the command line. */
export function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('Write a number from 0 to 65535.')
  return port
}
