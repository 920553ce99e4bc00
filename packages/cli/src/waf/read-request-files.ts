import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readRawRequest, type RawRequestReading } from '@gateward/waf'
import { UsageError } from '../usage-error.ts'

/** A raw HTTP request in a file. */
export interface RequestFile {
  readonly file: string
  readonly request: RawRequestReading
}

const longestRequest = 64 * 1_048_576

/** Reads one file, or every file of a folder and those below it, in the order of their names. */
export function readRequestFiles(path: string): readonly RequestFile[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    throw new UsageError(
      `there is no ${path}`,
      'Name a file with a raw HTTP request, or a folder of such files.',
    )
  }
  if (!found.isDirectory()) return [readOne(path)]
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  return files.map(readOne)
}

function readOne(file: string): RequestFile {
  if (statSync(file).size > longestRequest) {
    throw new UsageError(`${file} is longer than 64 MiB`, 'Name a file with one raw HTTP request.')
  }
  return { file, request: readRawRequest(readFileSync(file)) }
}
