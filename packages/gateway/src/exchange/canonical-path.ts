import type { Brand } from '@gateward/kernel'

/**
 * The one reading of a request's path: router, guards, WAF and upstream all use these same bytes.
 * Only `toCanonicalPath` makes it; what can be read in two ways has none.
 */
export type CanonicalPath = Brand<string, 'CanonicalPath'>
