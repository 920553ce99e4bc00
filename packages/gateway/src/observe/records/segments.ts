import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ContentKeyStore } from '../../store/content-key-store.ts'

/** One file of records: its number is the time at which it was begun, milliseconds since the Unix epoch. */
export type Segment = number

const sealedName = /^(\d{13,15})\.sealed$/

/** The segments of a folder, newest first; an empty list where there is no folder. */
export function listSegments(folder: string): readonly Segment[] {
  return listNumbers(folder, sealedName)
}

/** The numbers of files whose names a pattern takes, the largest first. */
export function listNumbers(folder: string, pattern: RegExp): readonly number[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(folder)
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((left, right) => right - left)
}

/** The file of a segment. */
export function segmentPath(folder: string, segment: Segment): string {
  return join(folder, `${segment}.sealed`)
}

/** The name of the key that a segment is sealed with. */
export function segmentKeyName(segment: Segment): string {
  return `records ${segment}`
}

/** Removes a segment: its key first, so that nobody can read it whatever becomes of the file. */
export async function removeSegment(folder: string, segment: Segment, keys: ContentKeyStore): Promise<void> {
  await keys.remove(segmentKeyName(segment))
  rmSync(segmentPath(folder, segment), { force: true })
}
