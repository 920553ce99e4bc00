import type { z } from 'zod'
import type { Role } from '../../store/account-store.ts'

/** Who may call an operation: everybody, everybody with a session, or accounts with at least this role. */
export type Access = 'public' | 'session' | Role

/** One operation of the admin API: what goes in, what comes out, who may, and what it changes. */
export interface AdminOperation {
  /** One line for people. */
  readonly summary: string
  readonly access: Access
  /** The variables of the path. */
  readonly path?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Left out: the answer has no body. */
  readonly answer?: z.ZodType
  /** The answer is a stream of server-sent events. */
  readonly stream?: true
  /** Of a good answer: 200 by default, 204 without a body. */
  readonly status?: 200 | 201
  /**
   * Whether it changes something. Such an operation is written to the audit log, takes `?dryRun=true` and says what it
   * would do, and with `ifMatch` is refused unless `If-Match` names the state that it changes.
   */
  readonly changes?: { readonly ifMatch: boolean }
}

/** Makes an operation; the identity, there for its types. */
export function defineOperation<const Operation extends AdminOperation>(operation: Operation): Operation {
  return operation
}
