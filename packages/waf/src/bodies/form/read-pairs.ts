import type { ByteString } from '../../language/bytes.ts'
import { urlDecode } from '../../transformations/url-decode.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodyCollection, BodySink } from '../body-sink.ts'

/**
 * Reads `name=value` pairs parted by `&` alone, each decoded once: `+` is a space, `%HH` a byte, and a `%` before
 * anything else stays. Every pair is kept; a pair without `=` is a name with an empty value. What no longer fits the
 * limits is one last argument without a name, so that rules see it too.
 */
export function readPairs(
  text: ByteString,
  collection: BodyCollection,
  limits: BodyLimits,
  sink: BodySink,
): BodyReading {
  const writer = new ArgumentWriter(sink, limits)
  if (limits.oddPairsAsArguments && oddName.test(text)) {
    const error = writer.add(collection, '' as ByteString, urlDecode(text))
    if (error !== undefined) return readingOf(error)
  }
  for (let start = 0; start < text.length;) {
    const separator = text.indexOf('&', start)
    const end = separator === -1 ? text.length : separator
    if (end > start) {
      const error = addPair(text, start, end, collection, writer)
      if (error !== undefined) {
        sink.add(collection, '' as ByteString, urlDecode(text.slice(start) as ByteString))
        return readingOf(error)
      }
    }
    start = end + 1
  }
  return readingOf(undefined)
}

/** A name with a quote, an angle bracket, a parenthesis, a brace, a semicolon, a bar or a backslash, as it is or encoded. */
const oddName =
  /(?:^|&)(?:[^=&"'<>(){};|`\\%]|%(?!2[278]|29|3[bBcCeE]|5[cC]|60|7[b-dB-D]))*(?:["'<>(){};|`\\]|%(?:2[278]|29|3[bBcCeE]|5[cC]|60|7[b-dB-D]))/

function addPair(
  text: ByteString,
  start: number,
  end: number,
  collection: BodyCollection,
  writer: ArgumentWriter,
): string | undefined {
  const pair = text.slice(start, end) as ByteString
  const equals = pair.indexOf('=')
  const nameEnd = equals === -1 ? pair.length : equals
  const name = urlDecode(pair.slice(0, nameEnd) as ByteString)
  return writer.add(collection, name, urlDecode(pair.slice(nameEnd + 1) as ByteString))
}
