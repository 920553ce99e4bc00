import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

const mode = z.enum(['off', 'shadow', 'enforce'])

const placeSchema = z.strictObject({
  api: z.string(),
  operation: z.string(),
  method: z.string(),
  /** With the base path. */
  path: z.string(),
  /** `request`, `answer`, or where a parameter stands. */
  in: z.enum(['request', 'answer', 'path', 'query', 'header', 'cookie']),
  /** What the value is called there. */
  field: z.string(),
  /** The member beside it that holds its blind index. */
  index: z.string().optional(),
  /** Where the contract declares the operation. */
  declaredAt: z.strictObject({ file: z.string(), line: z.int() }),
})

const classSchema = z.strictObject({
  name: z.string(),
  meaning: z.string(),
  /** How services get its values, unless an operation says otherwise. */
  protection: z.enum(['encrypt', 'deterministic', 'off']),
  /** What callers see who may not see the value. */
  conceal: z.enum(['mask', 'remove']),
  /** Scopes of which one lets a caller see it. */
  scopes: z.array(z.string()),
  /** Working API keys with such a scope; tokens with one may see it, too. */
  keys: z.array(z.strictObject({ id: z.string(), display: z.string(), consumer: z.string() })),
  places: z.array(placeSchema),
  /** Values in answers since `since`, as far as records were looked through. */
  revealed: z.int(),
  concealed: z.int(),
})

/** What becomes of a class in one API: its own settings and those of its operations counted in. */
const policySchema = z.strictObject({
  api: z.string(),
  class: z.string(),
  /** What services get; `off` too where field encryption does not enforce. */
  protection: z.enum(['encrypt', 'deterministic', 'off']),
  /** What others see; `nothing-done` where masking does not enforce. */
  conceal: z.enum(['mask', 'remove', 'nothing-done']),
  /** Places in which it stands. */
  requests: z.int(),
  answers: z.int(),
  parameters: z.int(),
})

const findingSchema = z.strictObject({
  api: z.string(),
  /** Where the contract is to say it: file, line, and JSON Pointer. */
  file: z.string(),
  line: z.int(),
  pointer: z.string(),
  /** The class that the field seems to carry, and what it means. */
  class: z.string(),
  meaning: z.string(),
  operations: z.array(z.string()),
  /** Different values that were seen, and how many of them look like the class. */
  seen: z.int(),
  found: z.int(),
  /** 0 to 1. */
  confidence: z.number(),
  /** The line for the contract. */
  write: z.string(),
})

export const dataClassOperations = {
  listDiscoveryFindings: defineOperation({
    summary: 'Fields that seem to carry personal data which contracts do not declare, the surest first',
    access: 'viewer',
    query: z.strictObject({
      confidence: z.number().min(0).max(1).optional().describe('The least confidence; 0.7 by default.'),
    }),
    answer: z.strictObject({
      /** Whether traffic is sampled now: `off` is the default. */
      discovery: mode,
      apis: z.array(
        z.strictObject({
          api: z.string(),
          /** Different values that were looked at; 0 where nothing was sampled yet. */
          values: z.int(),
          findings: z.int(),
        }),
      ),
      /** At most 500. */
      findings: z.array(findingSchema),
    }),
  }),
  listDataClasses: defineOperation({
    summary:
      'The classes of personal data that contracts declare: where, how protected, and who may see them',
    access: 'viewer',
    query: z.strictObject({ since: moment().optional().describe('A day ago by default.') }),
    answer: z.strictObject({
      masking: mode,
      encryption: mode,
      since: moment(),
      /** Down to when records were looked through for what was revealed and concealed. */
      searchedDownTo: moment(),
      classes: z.array(classSchema),
      policies: z.array(policySchema),
    }),
  }),
} as const
