import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Writes rules into a file that is gone with the process. */
export function writeRules(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-rules-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'rules.conf')
  writeFileSync(file, text)
  return file
}
