import type { Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import { z } from 'zod'
import { issuesToDiagnostics, ownMessagesOnly } from '../config/issues-to-diagnostics.ts'
import { toSettingSchema } from '../config/json-schema.ts'
import { guardCatalog } from '../guards/catalog.ts'

/** Everything an operation may say under `x-gateward`: what the guards read, and overrides of their settings. */
export const extensionSchema = z
  .strictObject({
    ...Object.fromEntries(
      guardCatalog.flatMap(({ extension }) =>
        Object.entries(extension ?? {}).map(([key, schema]): [string, z.ZodType] => [key, schema.optional()]),
      ),
    ),
    guards: z
      .strictObject(
        Object.fromEntries(
          guardCatalog.map(({ name }) => [name, z.record(z.string(), z.unknown()).optional()]),
        ),
      )
      .optional()
      .describe('Settings of guards that differ for this operation.'),
  })
  .describe('What Gateward reads of an operation, or of a path for all its operations.')

/** The mistakes in an operation's `x-gateward`, with the contract's line. */
export function checkExtension(operation: Operation): readonly Diagnostic[] {
  if (operation.extension === undefined) return []
  const parsed = extensionSchema.safeParse(operation.extension, ownMessagesOnly)
  if (parsed.success) return []
  const position = operation.extensionPosition ?? operation.position
  return issuesToDiagnostics(parsed.error.issues, {
    root: operation.extension,
    schema: toSettingSchema(extensionSchema),
    prefix: ['x-gateward'],
    positionOf: () => position,
    keyPositionOf: () => position,
    isSubstituted: () => false,
  })
}
