import { DiagnosticError, hasErrors, systemClock } from '@gateward/kernel'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import type { FieldEncryptionSettings } from './guards/field-encryption/settings.ts'
import { openKeyring } from './open-keyring.ts'
import { openSite } from './open-site.ts'
import { CheckpointFile } from './reencrypt/checkpoint.ts'
import { findListing } from './reencrypt/listing.ts'
import {
  reencryptFields,
  type ReencryptionOptions,
  type ReencryptionProgress,
} from './reencrypt/reencrypt-fields.ts'

/** Which objects are rewritten, and how. */
export interface ReencryptionRequest extends Pick<
  ReencryptionOptions,
  'headers' | 'pace' | 'isTrial' | 'onProgress'
> {
  readonly configuration: ConfigurationRequest
  readonly api: string
  /** The listing, where more than one declares how its objects are written back. */
  readonly operation: string | undefined
  /** Begins anew instead of where an earlier walk was broken off. */
  readonly restart: boolean
}

/**
 * Rewrites the objects of a service under the keys that are active now; a gateway may run meanwhile on the same data.
 * @throws DiagnosticError where configuration or contract stand in the way, Fault where the service does
 */
export async function reencryptApi(request: ReencryptionRequest): Promise<ReencryptionProgress> {
  const { configuration, diagnostics } = await loadConfiguration(request.configuration)
  if (configuration === undefined || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
  await using stack = new AsyncDisposableStack()
  const { data } = configuration
  const keyring = await openKeyring(configuration, systemClock, stack)
  const reading = await openSite(configuration, diagnostics, keyring, systemClock, stack)
  if (reading.site === undefined || hasErrors(reading.diagnostics))
    throw new DiagnosticError(reading.diagnostics)
  const listing = findListing(reading.site, request.api, request.operation)
  const checkpoint = new CheckpointFile(data, request.api, listing.list.operation.id)
  if (request.restart) checkpoint.clear()
  // A gateway may go on writing under a key for a moment after it was rotated.
  await keyring.dataKeys.settled()
  const guard = configuration.guards['field-encryption'] as FieldEncryptionSettings
  // Awaited here, since all that it works with is closed when this returns.
  return await reencryptFields({
    ...request,
    listing,
    checkpoint,
    keys: keyring.dataKeys,
    tenantClaim: guard.tenant,
  })
}
