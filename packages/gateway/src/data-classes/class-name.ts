import { z } from 'zod'

/** The name of a data class as a contract and a configuration write it: `pii.email`. */
export const className = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/, {
    error: 'a class is words of lower-case letters with dots between them: pii.email',
  })
