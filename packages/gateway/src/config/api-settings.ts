import { z } from 'zod'
import type { GuardDefinition } from '../guards/guard.ts'
import { path } from '../settings/references.ts'
import { versionsSettings } from '../versions/settings.ts'

const hostName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/, {
    error: 'write a host name in lower case without scheme and port, such as api.example.com',
  })

const basePath = z
  .string()
  .max(1_000)
  .regex(/^(?:\/[^/{}?#\s]+)*$/, {
    error: 'write a path such as /v1: a slash first, none at the end, no variables',
  })

/**
 * One API under `apis`.
 * @param upstream the schema of what stands behind it
 * @param catalog the guards whose settings an API may override
 */
export function apiSettings<Upstream extends z.ZodType>(
  upstream: Upstream,
  catalog: readonly GuardDefinition[],
) {
  const contract = z.union([z.literal('none'), path()])
  return z.strictObject({
    contract: contract.describe(
      'The OpenAPI document of the API, or none: then any path and method is served.',
    ),
    upstream,
    hosts: z
      .array(hostName)
      .max(100)
      .default([])
      .describe('Host names that belong to this API alone; empty: every host that no other API names.'),
    basePath: basePath
      .optional()
      .describe("Path before the contract's paths; without it, that of the contract's first server."),
    stripBasePath: z.boolean().default(false).describe('Whether the upstream gets the path without it.'),
    versions: versionsSettings(upstream, contract)
      .optional()
      .describe('The versions that are served side by side, and how each ends.'),
    allowNetworkRefs: z
      .boolean()
      .default(false)
      .describe('Whether a $ref of the contract may be fetched over https when it is loaded.'),
    guards: guardOverrides(catalog).describe('Settings of guards that differ for this API.'),
  })
}

/** Settings that replace those of the root section `guards`; only what differs is written. */
export function guardOverrides(catalog: readonly GuardDefinition[]) {
  return z
    .strictObject(
      Object.fromEntries(
        catalog.map(({ name }) => [
          name,
          z.record(z.string(), z.unknown()).meta({ 'x-overrides': name }).optional(),
        ]),
      ),
    )
    .default({})
}

/** The name of an API: a label in metrics and logs. */
export const apiName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, {
  error: 'a name is lower case letters, digits and dashes, and begins with a letter',
})
