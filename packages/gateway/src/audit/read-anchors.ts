import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { anchorStatement, readAnchor, toKnownHead, type Anchor } from './anchor.ts'
import type { KnownHead } from './verify-chain.ts'

/** What anchors know of the log. */
export interface AnchorsReading {
  readonly knownHeads: readonly KnownHead[]
  /** Why some are none, or none any more. */
  readonly brokenAnchors: readonly string[]
}

/** Reads the anchors that lie in a data folder, and others. */
export async function readAnchors(data: string, files: readonly string[] = []): Promise<AnchorsReading> {
  const read = await Promise.all([...filesIn(folderOf(data)), ...files].map(readKnownHead))
  return {
    knownHeads: read.filter((head) => typeof head !== 'string'),
    brokenAnchors: read.filter((head) => typeof head === 'string'),
  }
}

/** Writes an anchor into a data folder, and into a file elsewhere. */
export function writeAnchor(data: string, anchor: Anchor, file: string | undefined): void {
  const text = `${JSON.stringify(anchor, undefined, 2)}\n`
  const folder = folderOf(data)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${String(anchor.number).padStart(12, '0')}.json`), text, { mode: 0o600 })
  if (file !== undefined) writeFileSync(file, text)
}

function folderOf(data: string): string {
  return join(data, 'anchors')
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** What an anchor knows, or why it knows nothing. */
async function readKnownHead(file: string): Promise<KnownHead | string> {
  try {
    const anchor = readAnchor(readFileSync(file, 'utf8'))
    if (typeof anchor === 'string') return `${file}: ${anchor}`
    if (anchor.timestamp !== undefined) await checkTimestamp(anchor, anchor.timestamp.response)
    return toKnownHead(anchor, `the anchor ${file}`)
  } catch (thrown) {
    return `${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

// Loaded where there is a timestamp: few have one, and what reads it is large.
async function checkTimestamp(anchor: Anchor, response: string): Promise<void> {
  const { readTimestamp } = await import('./timestamp.ts')
  await readTimestamp(anchorStatement(anchor), response, undefined)
}
