import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listSegments } from './record-writer.ts'

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

/** Finds the record of a request id, newest segment first; `undefined` where it was never written or is gone already. */
export async function findRecord(folder: string, id: string): Promise<ExchangeRecord | undefined> {
  const needle = `"id":"${id}"`
  for (const segment of listSegments(folder)) {
    const line = await findLine(join(folder, segment), needle)
    if (line !== undefined) return readRecord(line)
  }
  return undefined
}

const blockSize = 262_144

/** The line of a file that holds a text, a block at a time, so that traffic goes on between two. */
async function findLine(path: string, needle: string): Promise<string | undefined> {
  let rest = Buffer.alloc(0)
  try {
    for await (const block of createReadStream(path, { highWaterMark: blockSize })) {
      const bytes = Buffer.concat([rest, block as Buffer])
      const found = bytes.indexOf(needle)
      const end = found < 0 ? -1 : bytes.indexOf('\n', found)
      if (end >= 0) return bytes.toString('utf8', bytes.lastIndexOf('\n', found) + 1, end)
      // A line that the block cut off goes on in the next one.
      rest = bytes.subarray(bytes.lastIndexOf('\n') + 1)
    }
  } catch (thrown) {
    // The oldest segment may have gone since the folder was read.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
  return rest.includes(needle) ? rest.toString('utf8') : undefined
}

/** Reads a line of a segment; `undefined` where it is not one, cut off by a crash say. */
export function readRecord(line: string): ExchangeRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
