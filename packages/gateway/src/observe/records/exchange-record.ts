import { z } from 'zod'

/** What `exchangeLine` writes, as far as anybody reads it. */
const recordSchema = z.looseObject({
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

/** Reads a line of records; `undefined` where it is none. */
export function readRecord(line: string): ExchangeRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
