import type { ByteString } from '../../language/bytes.ts'
import { bytesOf } from '../../language/bytes.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'
import { charsetMistake } from '../encoding/charset.ts'
import { readPairs } from './read-pairs.ts'

/**
 * Reads `application/x-www-form-urlencoded` into `ARGS_POST`, and sets `URLENCODED_ERROR` to 1 where a `%` stands
 * before what is no pair of hexadecimal digits.
 */
export function readUrlEncoded(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const text = bytesOf(body)
  if (brokenEscape.test(text)) sink.set('URLENCODED_ERROR', 1)
  const reading = readPairs(text, 'ARGS_POST', limits, sink)
  // Read as it is and failed besides: whoever honours such a charset finds other characters in the same bytes.
  return reading.kind === 'failed' ? reading : readingOf(charsetMistake(contentType))
}

/** Reads the query of a request target, without its `?`, into `ARGS_GET`; `URLENCODED_ERROR` is set as for bodies. */
export function readQuery(query: ByteString, limits: BodyLimits, sink: BodySink): BodyReading {
  if (brokenEscape.test(query)) sink.set('URLENCODED_ERROR', 1)
  return readPairs(query, 'ARGS_GET', limits, sink)
}

const brokenEscape = /%(?![0-9A-Fa-f]{2})/
