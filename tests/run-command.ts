import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the workspace. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const command = join(root, 'packages/cli/bin/gateward.js')

/** A command that goes on: the real command line in a process of its own. */
export interface RunningCommand extends AsyncDisposable {
  /** The first line it wrote to standard output. */
  readonly line: string
  /** Everything it wrote to standard output. */
  output(): string
  /** Everything it wrote to standard error. */
  errors(): string
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

/** Starts a command and resolves with its first line; rejects where it ends before it wrote one. */
export async function startCommand(words: readonly string[], cwd: string): Promise<RunningCommand> {
  const child = spawn(process.execPath, [command, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    child.once('close', (code) => reject(new Error(`${words.join(' ')} ended with ${code}: ${err}`)))
  })
  return {
    line,
    output: () => out,
    errors: () => err,
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** How a command ended, and what it wrote. */
export interface CommandOutcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs one command of the command line to its end. */
export function runCommand(...words: readonly string[]): Promise<CommandOutcome> {
  return runCommandIn(process.cwd(), ...words)
}

/** Runs one command in a folder to its end. */
export async function runCommandIn(cwd: string, ...words: readonly string[]): Promise<CommandOutcome> {
  const child = spawn(process.execPath, [command, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}

/** Asks again and again until the answer is one to go on with; rejects after ten seconds. */
export async function eventually<Value>(
  ask: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`never came true: ${String(ask)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
