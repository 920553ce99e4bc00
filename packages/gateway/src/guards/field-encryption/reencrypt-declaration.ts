import { z } from 'zod'

const pointer = z
  .string()
  .max(1_000)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, {
    error: 'write a JSON Pointer: /orders, or an empty text for the whole',
  })

/** What `x-gateward: { reencrypt: … }` says of an operation that lists objects: how each of them is written back. */
export const reencryptSchema = z.strictObject({
  items: pointer.describe('Where the array of objects stands in the answer.'),
  write: z.string().min(1).describe('The operationId that takes the changed fields of one object.'),
  parameters: z
    .record(z.string(), pointer)
    .default({})
    .describe('The path parameters of that operation, by where they stand in the object.'),
  next: z
    .strictObject({
      pointer: pointer.describe('Where the answer says how to go on.'),
      query: z.string().min(1).describe('The query parameter that takes it.'),
    })
    .optional()
    .describe('How one page leads to the next; without it there is one page.'),
  tenant: pointer.optional().describe('Where an object names its tenant.'),
})

/** How the objects of a listing are written back. */
export type ReencryptDeclaration = z.output<typeof reencryptSchema>
