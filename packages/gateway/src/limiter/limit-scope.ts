import type { Operation } from '@gateward/openapi'

/**
 * Whom a guard's counters are shared with: all operations, or none where the operation has settings of its own
 * for the guard, so that a strict limit on one operation is not spent by requests to others.
 */
export function limitScope(
  guard: string,
  input: { readonly family: string; readonly operation: Operation | undefined },
): string {
  const { family, operation } = input
  return operation !== undefined && hasOwnSettings(guard, operation)
    ? `${guard} ${family}/${operation.id}`
    : guard
}

function hasOwnSettings(guard: string, operation: Operation): boolean {
  const guards = operation.extension?.['guards']
  return typeof guards === 'object' && guards !== null && Object.hasOwn(guards, guard)
}
