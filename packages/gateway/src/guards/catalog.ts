import { addressGuard } from './address/guard.ts'
import { authenticationGuard } from './authentication/guard.ts'
import { authorizationGuard } from './authorization/guard.ts'
import { corsGuard } from './cors/guard.ts'
import { discoveryGuard } from './discovery/guard.ts'
import { fieldEncryptionGuard } from './field-encryption/guard.ts'
import { floodGuard } from './flood/guard.ts'
import type { GuardDefinition } from './guard.ts'
import { headersGuard } from './headers/guard.ts'
import { leakageGuard } from './leakage/guard.ts'
import { maskingGuard } from './masking/guard.ts'
import { protocolGuard } from './protocol/guard.ts'
import { quotaGuard } from './quota/guard.ts'
import { validationGuard } from './validation/guard.ts'
import { versionGuard } from './version/guard.ts'
import { wafGuard } from './waf/guard.ts'

/** Every kind of guard. The order of this list is the order in which they are asked, from the gate to the upstream. */
export const guardCatalog: readonly GuardDefinition[] = [
  protocolGuard,
  headersGuard,
  corsGuard,
  addressGuard,
  floodGuard,
  versionGuard,
  authenticationGuard,
  quotaGuard,
  authorizationGuard,
  maskingGuard,
  validationGuard,
  wafGuard,
  leakageGuard,
  discoveryGuard,
  fieldEncryptionGuard,
]

/** The guards' names in the order of the pipeline. */
export const guardOrder: readonly string[] = guardCatalog.map(({ name }) => name)

/** Those whose mode decides what gets through: where one is off or in shadow, somebody should know. */
export const refusingGuards: readonly string[] = guardCatalog
  .filter(({ onlyLooks }) => onlyLooks !== true)
  .map(({ name }) => name)
