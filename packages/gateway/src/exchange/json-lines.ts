import { readJson, type JsonLimits, type JsonReading } from './strict-json.ts'

/**
 * Reads JSON texts that stand on a line each (`application/x-ndjson`, `application/jsonl`) or behind a record separator each
 * (`application/json-seq`, RFC 7464, told by the first byte) as an array; every text within the limits, and as many as
 * elements are allowed. A last line feed ends the last line.
 */
export function readJsonLines(bytes: Buffer, limits: JsonLimits): JsonReading {
  const values: unknown[] = []
  const isSequence = isJsonSequence(bytes)
  const separator = isSequence ? recordSeparator : lineFeed
  for (let start = isSequence ? 1 : 0; start < bytes.length;) {
    if (values.length === limits.maxElements)
      return { kind: 'refused', reason: `more than ${limits.maxElements} lines` }
    const found = bytes.indexOf(separator, start)
    const end = found === -1 ? bytes.length : found
    const reading = readJson(bytes.subarray(start, end), limits)
    if (reading.kind === 'refused')
      return { kind: 'refused', reason: `${reading.reason} of line ${values.length + 1}` }
    values.push(reading.value)
    start = end + 1
  }
  return { kind: 'value', value: values }
}

/** Whether a `Content-Type` is one of JSON texts that follow one another. */
export function isJsonLines(contentType: string | undefined): boolean {
  return contentType !== undefined && linesType.test(contentType)
}

const linesType =
  /^[ \t]*[^;/ \t]+\/(?:(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq)|[^;/ \t]+\+json-seq)[ \t]*(?:;|$)/i

/** Writes texts in the form that `original` has. */
export function writeJsonLines(values: readonly unknown[], original: Buffer): Buffer {
  const start = isJsonSequence(original) ? '\u001e' : ''
  return Buffer.from(values.map((value) => `${start}${JSON.stringify(value)}\n`).join(''))
}

function isJsonSequence(bytes: Buffer): boolean {
  return bytes[0] === recordSeparator
}

/** U+001E, which begins each text of a sequence. */
export const recordSeparator = 0x1e
const lineFeed = 0x0a
