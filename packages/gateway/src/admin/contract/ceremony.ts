import { z } from 'zod'

/** What the browser brings back, as `PublicKeyCredential.toJSON` gives it (WebAuthn Level 3 section 5.1.7). */
export const ceremonyAnswer = z.strictObject({
  flow: z.string().max(64).describe('As the options named it.'),
  response: z.looseObject({
    id: z.string().min(1).max(1_500),
    rawId: z.string().max(1_500),
    type: z.literal('public-key'),
    response: z.looseObject({}),
  }),
})

/** What the browser is told, for `navigator.credentials`. */
export const ceremony = z.strictObject({ flow: z.string(), options: z.record(z.string(), z.unknown()) })
