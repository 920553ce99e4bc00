import type { Operation } from '@gateward/openapi'

/**
 * Whom a guard's counters are shared with: all operations, or none where the operation has settings of its own
 * for the guard, so that a strict limit on one operation is not spent by requests to others.
 */
export function limitScope(
  guard: string,
  input: { readonly api: string; readonly operation: Operation | undefined },
): string {
  const { api, operation } = input
  return operation !== undefined && hasOwnSettings(guard, operation)
    ? `${guard} ${api}/${operation.id}`
    : guard
}

function hasOwnSettings(guard: string, operation: Operation): boolean {
  const { extension = {} } = operation
  const guards = extension['guards']
  return Object.hasOwn(extension, guard) || (typeof guards === 'object' && Object.hasOwn(guards ?? {}, guard))
}
