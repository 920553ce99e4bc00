import type { RecordArchive } from '../observe/records/record-archive.ts'
import { searchRecords } from '../observe/records/search-records.ts'

/** The ids of the WAF's rules that matched anything since a moment, as far as records go back. */
export async function matchedRules(archive: RecordArchive, since: number): Promise<ReadonlySet<number>> {
  const ids = new Set<number>()
  const from = new Date(since).toISOString()
  let cursor: string | undefined
  do {
    const { next } = await searchRecords(archive, {
      // Nothing is kept of a record but the numbers in its notes.
      matches: ({ guards }) => {
        for (const { guard, note } of guards)
          if (guard === 'waf' && note !== undefined)
            for (const [, id] of note.matchAll(/\brule (\d{1,10})\b/g)) ids.add(Number(id))
        return false
      },
      isBeyond: ({ time }) => time < from,
      limit: 1,
      cursor,
    })
    cursor = next
  } while (cursor !== undefined)
  return ids
}
