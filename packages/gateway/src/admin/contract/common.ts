import { z } from 'zod'
import { roles } from '../../store/account-store.ts'

/** A moment, RFC 3339 in UTC. */
export const moment = (): z.ZodString => z.string().meta({ format: 'date-time' })

/** Why somebody changes something, for the audit log. */
export const reason = () => z.string().max(500).optional().describe('Why, for the audit log.')

export const roleSchema = z.enum(roles)

/** The variables of a path with one id. */
export const byId = z.strictObject({ id: z.string().min(1).max(64) })

/** How much of a list is asked for. */
export const pageLimit = (most: number, byDefault: number) =>
  z.int().min(1).max(most).optional().describe(`At most this many; ${byDefault} by default.`)
