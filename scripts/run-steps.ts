import { spawn } from 'node:child_process'

/** One command of a script, run in the repository's root. */
export interface Step {
  readonly name: string
  readonly command: readonly [program: string, ...rest: string[]]
}

/** Runs the steps in order and says of each how long it took; the first that fails ends the script with its output. */
export async function runSteps(
  steps: readonly Step[],
  options: { readonly quiet: boolean },
): Promise<boolean> {
  for (const step of steps) {
    const started = performance.now()
    const { code, output } = await run(step, options.quiet)
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    if (options.quiet || code !== 0)
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'}  ${step.name}  ${seconds} s`)
    if (code === 0) continue
    console.log(output)
    return false
  }
  return true
}

function run(step: Step, quiet: boolean): Promise<{ code: number; output: string }> {
  const [program, ...rest] = step.command
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>()
  const child = spawn(program, rest, {
    cwd: new URL('..', import.meta.url),
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('error', reject)
  child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
  return promise
}
