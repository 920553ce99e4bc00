import { readJson, type JsonLimits, type JsonReading } from './strict-json.ts'

/**
 * Reads JSON texts that stand on a line each (`application/x-ndjson`, `application/jsonl`) as an array; every line
 * within the limits, and as many lines as elements are allowed. A last line feed ends the last line.
 */
export function readJsonLines(bytes: Buffer, limits: JsonLimits): JsonReading {
  const values: unknown[] = []
  for (let start = 0; start < bytes.length;) {
    if (values.length === limits.maxElements)
      return { kind: 'refused', reason: `more than ${limits.maxElements} lines` }
    const lineFeed = bytes.indexOf(0x0a, start)
    const end = lineFeed === -1 ? bytes.length : lineFeed
    const reading = readJson(bytes.subarray(start, end), limits)
    if (reading.kind === 'refused')
      return { kind: 'refused', reason: `${reading.reason} of line ${values.length + 1}` }
    values.push(reading.value)
    start = end + 1
  }
  return { kind: 'value', value: values }
}
