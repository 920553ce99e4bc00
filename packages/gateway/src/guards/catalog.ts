import type { GuardDefinition } from './guard.ts'

/** Every kind of guard. The order of this list is the order in which they are asked, from the gate to the upstream. */
export const guardCatalog: readonly GuardDefinition[] = []
