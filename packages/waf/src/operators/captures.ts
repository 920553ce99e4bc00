import type { ByteString } from '../language/bytes.ts'
import type { Captures } from './operator.ts'

const mostCaptures = 10

/** Sets the groups of a match. A group that took no part is empty, lest an earlier rule's group be taken for this one's. */
export function setCaptures(captures: Captures, match: RegExpExecArray): void {
  for (let index = 0; index < match.length && index < mostCaptures; index += 1) {
    captures.set(index, (match[index] ?? '') as ByteString)
  }
}
