import { spawn } from 'node:child_process'

/** One command of a script, run in the repository's root. */
export interface Step {
  readonly name: string
  readonly command: readonly [program: string, ...rest: string[]]
}

/** A step that ended. */
export interface EndedStep {
  readonly name: string
  readonly code: number
  /** All that it wrote, where that was not shown while it ran. */
  readonly output: string
  readonly seconds: number
}

/** Runs the steps in order and says of each how long it took; the first that fails ends the script with its output. */
export async function runSteps(
  steps: readonly Step[],
  options: { readonly quiet: boolean },
): Promise<boolean> {
  for (const step of steps) {
    const ended = await runStep(step, options.quiet)
    if (options.quiet || ended.code !== 0) tellStep(ended)
    if (ended.code === 0) continue
    console.log(ended.output)
    return false
  }
  return true
}

/** Says in a line how a step ended. */
export function tellStep({ name, code, seconds }: EndedStep): void {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds.toFixed(1)} s`)
}

/** Runs one step; a quiet one shows nothing while it runs. */
export function runStep({ name, command }: Step, quiet: boolean): Promise<EndedStep> {
  const [program, ...rest] = command
  const started = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<EndedStep>()
  const child = spawn(program, rest, {
    cwd: new URL('..', import.meta.url),
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('error', reject)
  child.on('close', (code) => {
    const seconds = (performance.now() - started) / 1_000
    resolve({ name, code: code ?? 1, output: Buffer.concat(chunks).toString(), seconds })
  })
  return promise
}
