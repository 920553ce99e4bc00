import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get as httpsGet } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, request, type Dispatcher } from 'undici'
import { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = join(root, 'packages/cli/bin/gateward.js')

const readySchema = z.strictObject({
  gateway: z.url(),
  admin: z.url(),
  contract: z.string(),
  keys: z.strictObject({ free: z.string(), pro: z.string() }),
  token: z.string(),
  ca: z.string(),
})

/** The demo as a person starts it: the real command line in a process of its own, in an empty data folder. */
export interface RunningDemo extends AsyncDisposable {
  readonly ready: z.infer<typeof readySchema>
  readonly data: string
  readonly ca: string
  /** Everything the process wrote to standard output. */
  output(): string
  /** Sends a request to the gate over verified TLS. */
  send(path: string, options?: Shot): Promise<Dispatcher.ResponseData>
  /** As {@link send}, with the answer read as JSON. */
  json(
    path: string,
    options?: Shot,
  ): Promise<{ status: number; headers: Dispatcher.ResponseData['headers']; body: unknown }>
  /** The status of a GET whose path goes out as it is written; other clients tidy it first. */
  rawStatus(path: string): Promise<number>
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

interface Shot {
  readonly method?: Dispatcher.HttpMethod
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export async function startDemo(): Promise<RunningDemo> {
  const data = mkdtempSync(join(tmpdir(), 'gateward-demo-'))
  const child = spawn(
    process.execPath,
    [command, 'demo', '--json', '--port', '0', '--admin-port', '0', '--data', data],
    {
      cwd: data,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let out = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${errors}`)))
  })
  const ready = readySchema.parse(JSON.parse(line))
  const ca = readFileSync(ready.ca, 'utf8')
  const agent = new Agent({ connect: { ca } })
  const send = (path: string, shot: Shot = {}) =>
    request(ready.gateway + path, {
      method: shot.method ?? 'GET',
      headers: { ...shot.headers },
      body: shot.body ?? null,
      dispatcher: agent,
    })
  return {
    ready,
    data,
    ca,
    output: () => out,
    send,
    json: async (path, shot) => {
      const { statusCode, headers, body } = await send(path, shot)
      return { status: statusCode, headers, body: await body.json() }
    },
    rawStatus: (path) =>
      new Promise((resolve, reject) => {
        httpsGet(ready.gateway, { ca, path, agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        }).on('error', reject)
      }),
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      await agent.destroy()
      child.kill('SIGKILL')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Runs one command of the command line to its end. */
export async function runCommand(
  ...words: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}
