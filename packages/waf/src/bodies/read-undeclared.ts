import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { trimBlanks } from './blanks.ts'
import type { BodyLimits } from './body-limits.ts'
import type { BodyReader, BodyReading } from './body-reading.ts'
import { readingOf } from './body-reading.ts'
import type { BodySink } from './body-sink.ts'
import { readUrlEncoded } from './form/read-url-encoded.ts'
import { readJson } from './json/read-json.ts'
import { mayHoldJson } from './json/read-json-inside.ts'
import { readXml } from './xml/read-xml.ts'

/**
 * Reads a body whose type is unknown as what it looks like: JSON, XML or a form, for many backends do not ask what a body
 * is called before they parse it. What looks like none of them is one argument without a name. Never fails, for the body
 * has not promised anything.
 */
export function readUndeclared(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const text = bytesOf(body)
  const reader = readerFor(text)
  if (reader === undefined) sink.add('ARGS_POST', '' as ByteString, text)
  else reader(body, limits, sink, contentType)
  return readingOf(undefined)
}

function readerFor(text: ByteString): BodyReader | undefined {
  const trimmed = trimBlanks(text)
  if (mayHoldJson(trimmed)) return readJson
  if (trimmed.startsWith('<') && trimmed.endsWith('>')) return readXml
  return formStart.test(trimmed) ? readUrlEncoded : undefined
}

const formStart = /^[A-Za-z0-9_.~%+[\]$-]{1,256}=/
