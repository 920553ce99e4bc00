import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

export const configurationOperations = {
  getConfiguration: defineOperation({
    summary: 'The configuration that runs, every setting with its value in effect; secrets are masked',
    access: 'viewer',
    answer: z.strictObject({
      hash: z.string(),
      loadedAt: moment(),
      file: z.string().optional(),
      /** YAML. */
      effective: z.string(),
    }),
  }),
} as const
