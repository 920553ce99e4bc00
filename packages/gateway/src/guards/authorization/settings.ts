import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** The settings of the authorization guard. */
export const authorizationSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  foreignObject: z
    .union([z.literal(404), z.literal(403)])
    .default(404)
    .describe('The status for an object of somebody else: 404 does not even say that it exists.'),
})

export type AuthorizationSettings = z.infer<typeof authorizationSettings>

const name = z.string().min(1).max(200)

const pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01]){1,100}){1,32}$/, {
    error:
      'a JSON Pointer begins with / and escapes ~ as ~0 and / as ~1; * stands for every element of an array',
  })

/** `x-gateward: { owner }`: which part of request or answer names the owner, and what it must equal. */
export const ownerSchema = z
  .strictObject({
    path: name.optional().describe('A path parameter that names the owner.'),
    query: name.optional().describe('A query parameter that names the owner; the request must have it.'),
    body: pointer.optional().describe('Where the request body names the owner; the request must have it.'),
    answer: pointer
      .optional()
      .describe('Where the answer names the owner. With `*`, elements of somebody else are left out.'),
    equals: name
      .default('sub')
      .describe("The claim (or key's attribute) it must equal; `consumer` is who the caller is to Gateward."),
    unless: z
      .union([name, z.array(name).min(1)])
      .optional()
      .describe('Scopes or roles whose holders may reach objects of everybody.'),
  })
  .refine(
    (owner) => [owner.path, owner.query, owner.body, owner.answer].some((place) => place !== undefined),
    {
      error: 'owner names no place: path, query, body or answer',
    },
  )

export type OwnerDeclaration = z.infer<typeof ownerSchema>

/** `x-gateward: { scopes }`: all of them are needed, besides those of `security`. */
export const scopesSchema = z.array(name).min(1).describe('Scopes that the caller needs, all of them.')

/** `x-gateward: { roles }`: one of them is needed. */
export const rolesSchema = z.array(name).min(1).describe('Roles of which the caller needs one.')
