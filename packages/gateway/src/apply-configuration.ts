import { randomBytes } from 'node:crypto'
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { DiagnosticError, hasErrors, type Diagnostic } from '@gateward/kernel'

/**
 * Puts a text in the place of the configuration file and loads it. Where it is not taken over, the file is as it was.
 * The file is replaced whole, so that no reader ever sees half of it.
 */
export async function applyConfiguration(
  file: string,
  text: string,
  load: () => Promise<readonly Diagnostic[]>,
): Promise<readonly Diagnostic[]> {
  // Behind a symbolic link: replacing the link would cut it off from what it leads to.
  const place = await realpath(file)
  const before = await readFile(place)
  await replace(place, text)
  const diagnostics = await load()
  if (!hasErrors(diagnostics)) return diagnostics
  await replace(place, before)
  await load()
  return diagnostics
}

async function replace(place: string, content: string | Buffer): Promise<void> {
  const draft = `${place}.${randomBytes(6).toString('hex')}`
  try {
    const { mode } = await stat(place)
    await writeFile(draft, content, { flag: 'wx', mode: 0o600, flush: true })
    await chmod(draft, mode & 0o777)
    await rename(draft, place)
  } catch (cause) {
    await rm(draft, { force: true })
    throw notWritable(place, cause)
  }
}

function notWritable(place: string, cause: unknown): DiagnosticError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  return new DiagnosticError([
    {
      code: 'configuration-not-writable',
      severity: 'error',
      message: `${place} cannot be written (${code})`,
      fix: 'change the file where it comes from, or let the gateway write it and its folder',
    },
  ])
}
