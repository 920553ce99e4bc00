import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listSegments } from './record-writer.ts'

/** What `exchangeLine` writes, as far as anybody reads it. */
export const recordSchema = z.looseObject({
  time: z.string(),
  id: z.string(),
  api: z.string(),
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  query: z.string().optional(),
  status: z.number(),
  code: z.string().optional(),
  reason: z.string().optional(),
  client: z.string(),
  consumer: z.string().optional(),
  label: z.string().optional(),
  tier: z.string().optional(),
  credential: z.string().optional(),
  ms: z.number(),
  upstream_ms: z.number().optional(),
  waf: z
    .looseObject({
      score: z.number().optional(),
      rules: z.array(z.looseObject({ id: z.number(), at: z.string(), msg: z.string() })),
      skipped: z.array(z.string()),
    })
    .optional(),
  configuration: z.string(),
  guards: z.array(
    z.looseObject({
      guard: z.string(),
      verdict: z.enum(['pass', 'refuse', 'answer', 'fault']),
      phase: z.string().default('request'),
      mode: z.string().default('enforce'),
      note: z.string().optional(),
      code: z.string().optional(),
      us: z.number(),
    }),
  ),
})

/** One exchange as it was recorded. */
export type ExchangeRecord = z.infer<typeof recordSchema>

/** Finds the record of a request id, newest segment first; `undefined` where it was never written or is gone already. */
export function findRecord(folder: string, id: string): ExchangeRecord | undefined {
  const needle = `"id":"${id}"`
  for (const segment of listSegments(folder)) {
    const bytes = readFileSync(join(folder, segment))
    const found = bytes.indexOf(needle)
    if (found < 0) continue
    const start = bytes.lastIndexOf('\n', found) + 1
    const end = bytes.indexOf('\n', found)
    return readRecord(bytes.toString('utf8', start, end < 0 ? bytes.length : end))
  }
  return undefined
}

/** Reads a line of a segment; `undefined` where it is not one, cut off by a crash say. */
export function readRecord(line: string): ExchangeRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
