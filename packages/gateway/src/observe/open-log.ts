import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { LineWriter } from './line-writer.ts'

/** Where log lines go; writing never waits. */
export interface LogDestination extends AsyncDisposable {
  write(line: string): void
}

/** @param target `stdout`, `stderr`, `none` or `file:<path>` */
export function openLog(target: string): LogDestination {
  if (target === 'none') return { write: () => {}, [Symbol.asyncDispose]: () => Promise.resolve() }
  if (target === 'stdout') return new LineWriter(process.stdout.fd)
  if (target === 'stderr') return new LineWriter(process.stderr.fd)
  const file = target.slice('file:'.length)
  mkdirSync(dirname(file), { recursive: true })
  return new LineWriter(file)
}
