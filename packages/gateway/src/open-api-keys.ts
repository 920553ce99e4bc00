import { systemClock, type Secret } from '@gateward/kernel'
import { auditApiKeys } from './audit/audited-api-keys.ts'
import type { Configuration } from './config/configuration.ts'
import { createApiKeyManagement, type ApiKeyManagement } from './keyring/api-key-management.ts'
import { commandLineActor, openSignedAudit } from './open-audit-trail.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'
import type { Parts } from './open-parts.ts'

/** Milliseconds: no API key lives longer than this. */
export const longestKeyLife = 366 * 86_400_000

/** The API keys of a running gateway; whoever changes them there writes it to the audit log. */
export function manageApiKeys({ clock, pepper, store }: Parts, environment: () => string): ApiKeyManagement {
  return createApiKeyManagement({
    store: store.apiKeys,
    pepper,
    get environment() {
      return environment()
    },
    clock,
    maximumLife: longestKeyLife,
  })
}

const firstKeyLife = 90 * 86_400_000

/** A key where there is none and no token would be believed either; `undefined` else. */
export async function createFirstKey(
  apiKeys: ApiKeyManagement,
  { authentication }: Configuration,
): Promise<Secret | undefined> {
  if (authentication.issuers.length > 0) return undefined
  const [any] = await apiKeys.list({ limit: 1 })
  if (any !== undefined) return undefined
  return (await apiKeys.create({ consumer: 'first', label: 'First key', life: firstKeyLife })).key
}

/**
 * Opens the API keys of a data folder; a gateway that runs on the same folder follows what is changed here, and the
 * audit log says who changed it.
 *
 * @param environment what new keys are made for
 */
export async function openApiKeyManagement(
  location: KeyringLocation & { readonly environment: string },
): Promise<ApiKeyManagement & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  try {
    const keyring = await openKeyring(location, systemClock, stack)
    const management = createApiKeyManagement({
      store: keyring.store.apiKeys,
      pepper: keyring.pepper,
      environment: location.environment,
      clock: systemClock,
      maximumLife: longestKeyLife,
    })
    const audited = auditApiKeys(management, openSignedAudit(keyring), commandLineActor())
    return { ...audited, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}
