import type { BodySchema, TransformPart } from '@gateward/openapi'
import { writeExactly } from '../exchange/exact-json.ts'
import { readJsonLines, writeJsonLines } from '../exchange/json-lines.ts'
import type { WholeBody } from '../exchange/whole-body.ts'
import type { ClassifiedOutcome } from './classified-outcome.ts'

const done: ClassifiedOutcome = { kind: 'done' }

/**
 * Transforms the classified parts of a JSON body, or of each line of JSON lines.
 * @param change whether the body becomes what the parts became; else they are only looked at
 */
export function transformJson(
  body: WholeBody,
  { classified, format }: BodySchema,
  change: boolean,
  transform: TransformPart,
): ClassifiedOutcome {
  if (classified === undefined || body.toBytes().length === 0) return done
  const reading = format === 'ndjson' ? readJsonLines(body.toBytes(), body.limits) : body.json()
  if (reading.kind === 'refused') return reading
  // What is only looked at must stay as it is for those that come after.
  const value = change ? reading.value : structuredClone(reading.value)
  if (format === 'ndjson') {
    const lines = (value as unknown[]).map((line) => classified.transform(line, transform))
    if (change) body.replaceBytes(writeJsonLines(lines, body.toBytes()))
    return done
  }
  const original = body.toBytes()
  const left = classified.transform(value, transform)
  if (change) replaceJson(body, left, original)
  return done
}

// A number of 19 digits elsewhere in the body must not come out as another one.
function replaceJson(body: WholeBody, value: unknown, original: Buffer): void {
  const exact = writeExactly(value, original)
  if (exact === undefined) body.replaceJson(value)
  else body.replaceBytes(exact)
}
