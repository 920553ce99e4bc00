import { createHash } from 'node:crypto'

/**
 * Twelve hex digits that stand for a site: the same settings and contracts give the same, wherever and however they are
 * formatted. Secrets count by their references.
 */
export function hashSite(settings: unknown, contractDigests: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, contractDigests]))
    .digest('hex')
    .slice(0, 12)
}
