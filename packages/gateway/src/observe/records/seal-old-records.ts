import { randomUUID } from 'node:crypto'
import { createReadStream, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentKeyStore } from '../../store/content-key-store.ts'
import { BlockSealing } from './block-sealing.ts'
import { listNumbers, segmentPath } from './segments.ts'

const plainName = /^(\d{13,15})\.ndjson$/
const blockBytes = 262_144

/**
 * Seals the segments that an earlier version has written as they were. What breaks off in the middle is begun anew the next
 * time: a segment is there as it was until it is there sealed.
 */
export async function sealOldRecords(folder: string, keys: ContentKeyStore): Promise<void> {
  for (const segment of listNumbers(folder, plainName)) {
    const plain = join(folder, `${segment}.ndjson`)
    const sealed = join(folder, `${segment}.${randomUUID()}.part`)
    try {
      await sealFile(plain, sealed, await BlockSealing.provide(keys, segment))
      renameSync(sealed, segmentPath(folder, segment))
    } finally {
      rmSync(sealed, { force: true })
    }
    rmSync(plain, { force: true })
  }
}

async function sealFile(plain: string, sealed: string, sealing: BlockSealing): Promise<void> {
  await using file = await open(sealed, 'wx', 0o600)
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(plain, { highWaterMark: blockBytes })) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    const end = bytes.lastIndexOf('\n') + 1
    if (end > 0) await file.appendFile(sealing.seal(bytes.subarray(0, end)))
    // A line that the chunk cut off goes on in the next one; one that a crash cut off is left out.
    rest = bytes.subarray(end)
  }
}
