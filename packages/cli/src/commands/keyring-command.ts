import { openKeyringManagement, type KeyringManagement } from '@gateward/gateway'
import type { Command } from 'commander'
import { dataOptions, existingKeyringOptions, type DataOptions } from './data-options.ts'

/** The options of every command of the keyring. */
export interface KeyringOptions extends DataOptions {
  readonly json?: true
}

/** The options that every command of the keyring has. */
export function keyringCommand(keyring: Command, name: string): Command {
  return dataOptions(keyring.command(name)).option('--json', 'the result as JSON')
}

/** Opens the keyring of the gateway that the options name. */
export async function openNamed(options: DataOptions): Promise<KeyringManagement> {
  return openKeyringManagement(await existingKeyringOptions(options))
}
