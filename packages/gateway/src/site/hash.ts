import { createHash } from 'node:crypto'

/**
 * Twelve hex digits that stand for a site: the same settings, contracts and rules give the same, wherever they lie and however the
 * settings are formatted. Secrets count by their references.
 */
export function hashSite(settings: unknown, digests: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, digests]))
    .digest('hex')
    .slice(0, 12)
}
