import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

const mode = z.enum(['off', 'shadow', 'enforce'])

const targetSchema = z.strictObject({
  url: z.string(),
  healthy: z.boolean(),
  inFlight: z.int(),
  connections: z.int(),
  queued: z.int(),
})

const apiSchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  /** The contract's file. */
  contract: z.string().optional(),
  operations: z.int(),
  basePath: z.string(),
  /** Empty: every host that no other API names. */
  hosts: z.array(z.string()),
  available: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  targets: z.array(targetSchema),
})

const operationSchema = z.strictObject({
  id: z.string(),
  method: z.string(),
  /** With the base path. */
  path: z.string(),
  deprecated: z.boolean(),
  /** Alternatives, each a list of schemes with their scopes that must all hold; absent: not declared. */
  security: z.array(z.array(z.strictObject({ scheme: z.string(), scopes: z.array(z.string()) }))).optional(),
  /** The guards that are asked, in order. */
  guards: z.array(z.strictObject({ guard: z.string(), mode })),
  /** Where the contract declares it. */
  declaredAt: z.strictObject({ file: z.string(), line: z.int() }).optional(),
})

const guardModeSchema = z.strictObject({ guard: z.string(), mode })

export const apiOperations = {
  getStatus: defineOperation({
    summary: 'What runs: version, configuration, and what is not as it should be',
    access: 'viewer',
    answer: z.strictObject({
      version: z.string(),
      startedAt: moment(),
      now: moment(),
      configuration: z.strictObject({
        hash: z.string(),
        loadedAt: moment(),
        file: z.string().optional(),
        warnings: z.int(),
        /** What the last load said, where it was not taken over and an older one goes on. */
        refused: z
          .strictObject({ at: moment(), diagnostics: z.array(z.strictObject({ message: z.string() })) })
          .optional(),
      }),
      /** Every guard in the pipeline's order, as configured for all APIs. */
      guards: z.array(guardModeSchema),
      /** Guards that are `off` or in `shadow` for some API or operation. */
      notEnforced: z.array(
        z.strictObject({ guard: z.string(), mode, api: z.string().optional(), operations: z.int() }),
      ),
      unready: z.array(z.string()),
    }),
  }),
  listApis: defineOperation({
    summary: 'The APIs behind the gateway, and how their services are',
    access: 'viewer',
    answer: z.strictObject({ apis: z.array(apiSchema) }),
  }),
  listOperations: defineOperation({
    summary: 'The operations of an API with their guards',
    access: 'viewer',
    path: z.strictObject({ api: z.string().min(1).max(100) }),
    answer: z.strictObject({ operations: z.array(operationSchema) }),
  }),
} as const
