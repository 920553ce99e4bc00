import type { DataKeyRecord } from '../../store/data-key-store.ts'
import { algorithms } from './purposes.ts'

/** A data key as people and metrics see it. */
export interface DataKeyStatus extends DataKeyRecord {
  /** Milliseconds since it was made. */
  readonly age: number
  /** Messages it may encrypt. */
  readonly limit: number
  /** Values of the gateway's own store that are under it. */
  readonly values: number
}

/** What is known of each key at a moment (milliseconds since the Unix epoch). */
export function toStatuses(
  records: readonly DataKeyRecord[],
  values: ReadonlyMap<string, number>,
  now: number,
): readonly DataKeyStatus[] {
  return records.map((record) => ({
    ...record,
    age: Math.max(0, now - record.createdAt),
    limit: algorithms[record.algorithm].limit,
    values: values.get(record.id) ?? 0,
  }))
}
