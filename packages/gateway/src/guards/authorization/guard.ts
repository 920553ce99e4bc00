import type { z } from 'zod'
import { defineGuard, type Guard, type GuardInput } from '../guard.ts'
import { compileOwnership } from './ownership.ts'
import { compileRights } from './rights.ts'
import {
  authorizationSettings,
  ownerSchema,
  rolesSchema,
  scopesSchema,
  type AuthorizationSettings,
} from './settings.ts'

/** Decides whether the caller may use an operation, and whether the object is theirs. */
export const authorizationGuard = defineGuard<AuthorizationSettings>({
  name: 'authorization',
  settings: authorizationSettings,
  extension: {
    owner: ownerSchema.describe('Whose objects the operation reaches: only their owner may.'),
    scopes: scopesSchema,
    roles: rolesSchema,
  },
  compile,
})

function compile(input: GuardInput<AuthorizationSettings>): Guard | undefined {
  const { operation, unmatched } = input
  if (unmatched || operation === undefined) return undefined
  const checkRights = compileRights({
    operation,
    securitySchemes: input.securitySchemes,
    scopes: read(scopesSchema, operation.extension?.['scopes']) ?? [],
    roles: read(rolesSchema, operation.extension?.['roles']) ?? [],
  })
  const owner = read(ownerSchema, operation.extension?.['owner'])
  const ownership = owner === undefined ? undefined : compileOwnership(owner, operation, input)
  if (checkRights === undefined) return ownership
  return {
    ...ownership,
    onRequest: (exchange) => {
      const verdict = checkRights(exchange)
      if (verdict.kind !== 'pass' || ownership === undefined) return verdict
      const owned = ownership.onRequest(exchange)
      return owned.kind === 'pass' ? verdict : owned
    },
  }
}

// What does not fit was reported when the contract's extensions were checked, and nothing is loaded then.
function read<Schema extends z.ZodType>(schema: Schema, written: unknown): z.infer<Schema> | undefined {
  return written === undefined ? undefined : schema.safeParse(written).data
}
