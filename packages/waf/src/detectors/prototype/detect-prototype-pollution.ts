import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

const patterns: readonly RegExp[] = [
  // As a key: alone, in a path of points or brackets, in JSON. In a sentence a space stands before it.
  /(?:^|[.[\]"'{,\\])__proto__(?:$|[.[\]"'=:\\])/,
  /(?:^|[.[\]"'{,])constructor["'\]]{0,2}[\s.:[{"']{1,12}prototype(?:$|[.[\]"'=:])/,
  // A pointer of JSON (RFC 6901) into it, in a patch; names that come to be where a filter takes the inner one out.
  /^(?:\/[\w~-]{1,60}){0,9}\/(?:__proto__|constructor\/prototype)\//,
  /__pro(?:to)?__proto__(?:to)?__|\bconstruct(?:or)?constructor(?:or)?[.[]|^\s{0,9}Object\.prototype\.\w{1,40}\s{0,9}=/,
  /(?:^|[.[\]"'{,])__(?:define[GS]etter|lookup[GS]etter)__(?:$|[.[\]"'=:(])/,
]

/** Finds a name or a document that writes to the prototype which all objects of a JavaScript program share. */
export function detectPrototypePollution(value: ByteString): Detection | undefined {
  if (!value.includes('__') && !value.includes('constructor') && !value.includes('Object.prototype')) {
    // "\u005f\u005fproto__" in a document inside a value.
    return value.includes('\\u005f') && /\\u005f(?:_|\\u005f)proto/i.test(value)
      ? firstMatch(value, [/\\u005f/i])
      : undefined
  }
  return firstMatch(value, patterns)
}
