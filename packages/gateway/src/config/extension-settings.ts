import { z } from 'zod'
import { guardCatalog } from '../guards/catalog.ts'
import { guardOverrides } from './api-settings.ts'

/** Everything an operation may say under `x-gateward`: what the guards read, and overrides of their settings. */
export const extensionSettings = z
  .strictObject({
    ...Object.fromEntries(
      guardCatalog.flatMap(({ extension }) =>
        Object.entries(extension ?? {}).map(([key, schema]): [string, z.ZodType] => [key, schema.optional()]),
      ),
    ),
    guards: guardOverrides(guardCatalog).describe('Settings of guards that differ for this operation.'),
  })
  .describe(
    'What a contract says to the gateway: of an operation, or of a path for all its operations. It goes over what the configuration says of the API.',
  )
