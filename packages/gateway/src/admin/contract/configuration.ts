import { z } from 'zod'
import { moment, pageLimit, reason } from './common.ts'
import { defineOperation } from './operation.ts'

const diagnosticSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.string().optional(),
  position: z.strictObject({ file: z.string(), line: z.int(), column: z.int() }).optional(),
})

/** A run of lines that two texts share, or that one of them has alone. */
const diffPart = z.strictObject({
  kind: z.enum(['same', 'added', 'removed']),
  lines: z.array(z.string()),
})

const versionSchema = z.strictObject({
  number: z.int(),
  /** When it began to run. */
  at: moment(),
  hash: z.string(),
  actor: z.string(),
  /** What made it run: `start`, `file-changed`, `SIGHUP`, `admin`, `rollback`. */
  source: z.string(),
  reason: z.string(),
  /** Whether it is the one that runs. */
  running: z.boolean(),
  /** Whether it can be brought back: settings of the command line cannot. */
  restorable: z.boolean(),
})

const text = z.string().max(1_000_000).describe('A configuration file, YAML or JSON.')

/** What a text would do in the place of what runs. */
const outlookSchema = z.strictObject({
  valid: z.boolean(),
  /** How many operations would be served. */
  operations: z.int(),
  diagnostics: z.array(diagnosticSchema),
  /** From the file that runs to this text. */
  diff: z.array(diffPart),
})

const byNumber = z.strictObject({ number: z.int().min(1) })

export const configurationOperations = {
  getConfiguration: defineOperation({
    summary: 'The configuration that runs, every setting with its value in effect; secrets are masked',
    access: 'viewer',
    answer: z.strictObject({
      hash: z.string(),
      loadedAt: moment(),
      file: z.string().optional(),
      /** The file as it was written, credentials in URLs masked; absent where settings came from the command line. */
      written: z.string().optional(),
      /** YAML. */
      effective: z.string(),
    }),
  }),
  getConfigurationText: defineOperation({
    summary: 'The configuration file as it is written, to be edited, with the ETag that a change needs',
    access: 'admin',
    answer: z.strictObject({ file: z.string(), text: z.string() }),
  }),
  checkConfiguration: defineOperation({
    summary: 'What a configuration would do in the place of the one that runs',
    access: 'admin',
    body: z.strictObject({ text }),
    answer: outlookSchema,
  }),
  applyConfiguration: defineOperation({
    summary: 'Write the configuration file and take it over whole, or leave both as they are',
    access: 'admin',
    body: z.strictObject({ text, reason: reason() }),
    answer: outlookSchema,
    changes: { ifMatch: true },
  }),
  listConfigurations: defineOperation({
    summary: 'Every configuration that ran, the newest first',
    access: 'viewer',
    query: z.strictObject({ limit: pageLimit(200, 50) }),
    answer: z.strictObject({ versions: z.array(versionSchema) }),
  }),
  getConfigurationVersion: defineOperation({
    summary: 'A configuration that ran, credentials in URLs masked, and what changed with it',
    access: 'viewer',
    path: byNumber,
    query: z.strictObject({
      against: z
        .int()
        .min(1)
        .optional()
        .describe('Another version to compare with; the one before by default.'),
    }),
    answer: z.strictObject({ version: versionSchema, text: z.string().optional(), diff: z.array(diffPart) }),
  }),
  rollBackConfiguration: defineOperation({
    summary: 'Bring a configuration back that ran before',
    access: 'admin',
    path: byNumber,
    body: z.strictObject({ reason: reason() }),
    answer: outlookSchema,
    changes: { ifMatch: true },
  }),
} as const
