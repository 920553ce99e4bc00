import type { ByteString } from '../language/bytes.ts'

/**
 * Bytes that the names of a document's values may have together. Each repeats the path to its value, so that a short text
 * could make rules read megabytes; a document as applications write them stays within its own length and a little more.
 */
export function roomForPaths(text: ByteString): number {
  return text.length + 65_536
}
