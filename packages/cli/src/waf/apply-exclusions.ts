import { copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { addExclusions, checkConfiguration, type ProposedExclusion } from '@gateward/gateway'
import { DiagnosticError, hasErrors } from '@gateward/kernel'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** What was written into a configuration. */
export interface Applied {
  readonly file: string
  /** Where the file is as it was; undefined where nothing was written. */
  readonly former: string | undefined
  readonly added: readonly ProposedExclusion[]
  /** The lines that changed, in the form of `diff -u`. */
  readonly diff: string
}

/**
 * Writes exclusions into a configuration file. The new text is compiled, as a start would, before it takes the old one's place, in one step, and the old
 * one is kept beside it.
 *
 * @throws DiagnosticError where the file cannot be added to, or would not load any more: it is then as it was
 */
export async function applyExclusions(
  file: string,
  exclusions: readonly ProposedExclusion[],
  env: NodeJS.ProcessEnv,
): Promise<Applied> {
  const before = await readFile(file, 'utf8')
  const { text, added } = addExclusions(before, file, exclusions)
  if (added.length === 0) return { file, former: undefined, added, diff: '' }
  const { mode } = await stat(file)
  // Beside the file: what it names by relative paths is then the same, and a rename is one step.
  const next = `${file}.next-${process.pid}`
  try {
    await write(next, text, mode)
    const { diagnostics } = await checkConfiguration({ file: next, env })
    if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
    const former = `${file}.${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}.before`
    await copyFile(file, former)
    await rename(next, file)
    const options = { context: 3, headerOptions: FILE_HEADERS_ONLY }
    const diff = createTwoFilesPatch(former, file, before, text, undefined, undefined, options).trimEnd()
    return { file, former, added, diff }
  } finally {
    await rm(next, { force: true })
  }
}

async function write(file: string, text: string, mode: number): Promise<void> {
  await using handle = await open(file, 'wx', mode & 0o777)
  await handle.writeFile(text)
  await handle.sync()
}
