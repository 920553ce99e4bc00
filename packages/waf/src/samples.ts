import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ByteString } from './language/bytes.ts'

/** Values of one kind of attack, or harmless ones. */
export interface SampleSet {
  /** `sql-injection`; `harmless`. */
  readonly kind: string
  readonly values: readonly ByteString[]
}

const folder = join(import.meta.dirname, 'detectors/samples')

/** The built-in samples, which detectors and rules are tried on: a set for every kind of attack, and a harmless one. */
export function readSampleSets(): readonly SampleSet[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .toSorted()
    .map((name) => ({
      kind: name.slice(0, -'.txt'.length),
      values: readFileSync(join(folder, name), 'latin1').split(/\r?\n/).filter(Boolean) as ByteString[],
    }))
}
