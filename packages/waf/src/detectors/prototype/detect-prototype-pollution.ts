import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

const patterns: readonly RegExp[] = [
  // As a key: alone, in a path of points or brackets, in JSON. In a sentence a space stands before it.
  /(?:^|[.[\]"'{,\\])__proto__(?:$|[.[\]"'=:\\])/,
  /(?:^|[.[\]"'{,])constructor["'\]]{0,2}[\s.:[{"']{1,12}prototype(?:$|[.[\]"'=:])/,
  /(?:^|[.[\]"'{,])__(?:define[GS]etter|lookup[GS]etter)__(?:$|[.[\]"'=:(])/,
]

/** Finds a name or a document that writes to the prototype which all objects of a JavaScript program share. */
export function detectPrototypePollution(value: ByteString): Detection | undefined {
  if (!value.includes('__') && !value.includes('constructor')) {
    // "\u005f\u005fproto__" in a document inside a value.
    return value.includes('\\u005f') && /\\u005f(?:_|\\u005f)proto/i.test(value)
      ? firstMatch(value, [/\\u005f/i])
      : undefined
  }
  return firstMatch(value, patterns)
}
