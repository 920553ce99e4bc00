import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The core for what is measured, and the one for the load and the upstream; one core serves both where there is no other. */
export const cores = cpus().length > 1 ? { measured: '1', rest: '0' } : { measured: '0', rest: '0' }

const hasTaskset = spawnSync('taskset', ['-c', cores.rest, 'true']).status === 0

/** A program that runs, and the first line it printed. */
export interface Started {
  readonly child: ChildProcess
  readonly line: string
}

/** Starts a program on one core and resolves with the first line it prints. A program of ours can be sent orders. */
export async function startPinned(
  core: string,
  program: string,
  rest: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  takesOrders = false,
): Promise<Started> {
  const command = hasTaskset ? ['taskset', '-c', core, program, ...rest] : [program, ...rest]
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', ...(takesOrders ? (['ipc'] as const) : [])],
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
  })
  child.once('exit', (code) =>
    reject(new Error(`${program} ${rest.join(' ')} ended with ${code} before it was ready`)),
  )
  child.once('error', reject)
  return { child, line: await promise }
}

/** Runs a program to its end on one core and gives what it printed. */
export function runPinned(core: string, program: string, rest: readonly string[]): Promise<string> {
  const command = hasTaskset ? ['taskset', '-c', core, program, ...rest] : [program, ...rest]
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.once('error', reject)
  child.once('close', (code) =>
    code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}: ${text}`)),
  )
  return promise
}

/** Whether a program is installed. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** A folder of this run's own, gone at its end. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'gateward-bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
