import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ByteWriter } from './byte-writer.ts'

/** @param target `stdout`, `stderr`, `none` or `file:<path>`; `undefined` for `none` */
export function openLog(target: string): ByteWriter | undefined {
  if (target === 'none') return undefined
  if (target === 'stdout') return new ByteWriter(process.stdout.fd)
  if (target === 'stderr') return new ByteWriter(process.stderr.fd)
  const file = target.slice('file:'.length)
  mkdirSync(dirname(file), { recursive: true })
  return new ByteWriter(file)
}
