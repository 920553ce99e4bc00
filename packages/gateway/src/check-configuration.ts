import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasErrors, systemClock, type Diagnostic } from '@gateward/kernel'
import { keyringDefaults } from './config/keyring-settings.ts'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import { openKeyring } from './open-keyring.ts'
import { openSite } from './open-site.ts'
import { checkEnvironment } from './upstream/check-environment.ts'

/** What a start would say. */
export interface ConfigurationCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** How many operations would be served. */
  readonly operations: number
}

/** Loads and compiles everything as a start does, on a store of its own that is gone afterwards, and listens nowhere. */
export async function checkConfiguration(request: ConfigurationRequest): Promise<ConfigurationCheck> {
  const environment = checkEnvironment(process.env)
  const { configuration, diagnostics } = await loadConfiguration(request)
  if (configuration === undefined) return { diagnostics: [...environment, ...diagnostics], operations: 0 }
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'gateward-check-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const clock = systemClock
  const keyring = await openKeyring({ data: folder, keyring: keyringDefaults() }, clock, stack)
  const reading = await openSite(configuration, diagnostics, keyring, clock, stack)
  const apis = hasErrors(reading.diagnostics) ? [] : (reading.site?.apis ?? [])
  return {
    diagnostics: [...environment, ...reading.diagnostics],
    operations: apis.reduce((sum, { operations }) => sum + operations, 0),
  }
}
