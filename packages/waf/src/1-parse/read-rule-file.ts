import { open } from 'node:fs/promises'

/** What became of reading a file: its bytes as latin1, or why they are not to be had. */
export type RuleFileReading =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string }

/** Reads a file of at most so many bytes; a directory or a device is no rule file. */
export async function readRuleFile(path: string, mostBytes: number): Promise<RuleFileReading> {
  try {
    await using handle = await open(path)
    const status = await handle.stat()
    if (!status.isFile()) return { kind: 'failed', reason: 'it is no regular file' }
    if (status.size > mostBytes) return { kind: 'failed', reason: `it has more than ${mostBytes} bytes` }
    return { kind: 'read', text: await readAtMost(handle, mostBytes) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' }
    return { kind: 'failed', reason: codeOf(error) ?? String(error) }
  }
}

/** The file may have grown since its size was asked for. */
async function readAtMost(handle: Awaited<ReturnType<typeof open>>, mostBytes: number): Promise<string> {
  const stream = handle.createReadStream({ encoding: 'latin1', end: mostBytes - 1, autoClose: false })
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
