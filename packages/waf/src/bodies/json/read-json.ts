import type { ByteString } from '../../language/bytes.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import { isAllBlank } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'
import { readText } from '../encoding/charset.ts'
import { roomForPaths } from '../room-for-paths.ts'
import { walkJson } from './walk-json.ts'

/**
 * Reads a JSON document into `ARGS_POST`: `{"a":[{"b":1}]}` is the argument `json.a.0.b` (for the other way to write
 * that name see `canonicalJsonName`). A text that is no JSON is an error, and as a whole one more argument named `json`,
 * behind the values found before the mistake.
 */
export function readJson(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const { text, error } = readText(body, contentType)
  if (isAllBlank(text)) return readingOf(error)
  const writer = new ArgumentWriter(sink, limits, roomForPaths(text))
  const mistake = walkJson(text, jsonRoot, limits, (name, value) => writer.add('ARGS_POST', name, value))
  if (mistake !== undefined) sink.add('ARGS_POST', jsonRoot, text)
  return readingOf(mistake ?? error)
}

/** The name of a document's outermost value, which every path in it begins with. */
export const jsonRoot = 'json' as ByteString
