import type { Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import { extensionSettings } from '../config/extension-settings.ts'
import { issuesToDiagnostics, ownMessagesOnly } from '../config/issues-to-diagnostics.ts'
import { toSettingSchema } from '../config/json-schema.ts'

/** The mistakes in an operation's `x-gateward`, with the contract's line. */
export function checkExtension(operation: Operation): readonly Diagnostic[] {
  if (operation.extension === undefined) return []
  const parsed = extensionSettings.safeParse(operation.extension, ownMessagesOnly)
  if (parsed.success) return []
  const position = operation.extensionPosition ?? operation.position
  return issuesToDiagnostics(parsed.error.issues, {
    root: operation.extension,
    schema: toSettingSchema(extensionSettings),
    prefix: ['x-gateward'],
    positionOf: () => position,
    keyPositionOf: () => position,
    isSubstituted: () => false,
  })
}
