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
