import { z } from 'zod'
import { resolvePath } from '../../../settings/references.ts'
import { size } from '../../../settings/units.ts'

const file = z.string().min(1).max(4_096).transform(resolvePath)

/** Where the WAF writes lines of its own, beside the gateway's log. */
export const wafLogSettings = z.strictObject({
  errors: file
    .optional()
    .describe(
      'A file for a line in the format of ModSecurity in an Apache error log for every rule that matches, which fail2ban, go-ftw and log parsers read.',
    ),
  audit: file.optional().describe('A file for audit records.'),
  auditFormat: z.enum(['json', 'native']).default('json').describe('How audit records are written.'),
  auditWhen: z
    .enum(['matched', 'always', 'rules'])
    .default('matched')
    .describe(
      'matched: exchanges in which a rule matched that audits; always: every exchange; rules: as SecAuditEngine, SecAuditLogParts and ctl say.',
    ),
  auditParts: z
    .string()
    .regex(/^[ABCEFHIJKZ]{1,12}$/, { error: 'write letters of parts: A, B, C, E, F, H, I, J, K, Z' })
    .default('ABFHKZ')
    .describe(
      'Parts of audit records: B and F the heads of request and answer, C or I and E their bodies, H the messages, J the uploaded files, K the rules; A and Z are always there.',
    ),
  maxSize: size('64MB').describe('Most bytes of each of these files together with the one before it.'),
  mask: z
    .array(z.string().min(1).max(100))
    .max(200)
    .default([])
    .describe(
      'Names of fields whose values are never written, besides those that look like passwords, tokens, keys and cards.',
    ),
})

export type WafLogSettings = z.output<typeof wafLogSettings>
