import type { Detection } from './detection.ts'
import { detectionAt } from './detection.ts'

/**
 * The place where the first of some patterns matches. Each pattern must be linear: no repetition in it may be followed by
 * one that can take the same characters, unless both are bounded.
 */
export function firstMatch(value: string, patterns: readonly RegExp[]): Detection | undefined {
  for (const pattern of patterns) {
    const at = value.search(pattern)
    if (at !== -1) return detectionAt(value, at)
  }
  return undefined
}

/** Patterns that can match only where a sign is, which is looked for first: most values have none. */
export interface SignedPatterns {
  readonly sign: RegExp
  /** Linear, as for `firstMatch`. */
  readonly patterns: readonly RegExp[]
}

/** The place where the first of the patterns matches whose sign is there. */
export function firstSigned(value: string, groups: readonly SignedPatterns[]): Detection | undefined {
  for (const { sign, patterns } of groups) {
    if (!sign.test(value)) continue
    const found = firstMatch(value, patterns)
    if (found !== undefined) return found
  }
  return undefined
}
