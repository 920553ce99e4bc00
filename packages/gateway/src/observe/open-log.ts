import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ByteWriter } from './byte-writer.ts'

const tellEvery = 60_000

// The log is where trouble is told, so its own has to be told elsewhere; and rarely, since it fails with every line.
function tellOnStandardError(file: string): (code: string) => void {
  let toldAt = -tellEvery
  return (code) => {
    const now = performance.now()
    if (now - toldAt < tellEvery) return
    toldAt = now
    process.stderr.write(
      `gateward: the log ${file} cannot be written (${code}); lines are lost until it can\n`,
    )
  }
}

/** @param target `stdout`, `stderr`, `none` or `file:<path>`; `undefined` for `none` */
export function openLog(target: string): ByteWriter | undefined {
  if (target === 'none') return undefined
  if (target === 'stdout') return new ByteWriter(process.stdout.fd)
  if (target === 'stderr') return new ByteWriter(process.stderr.fd)
  const file = target.slice('file:'.length)
  mkdirSync(dirname(file), { recursive: true })
  return new ByteWriter(file, tellOnStandardError(file))
}
