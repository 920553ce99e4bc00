import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get as httpsGet } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request, type Dispatcher } from 'undici'
import { z } from 'zod'
import { startCommand } from './run-command.ts'

const readySchema = z.strictObject({
  gateway: z.url(),
  admin: z.url(),
  welcome: z.url().optional(),
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
  const words = ['demo', '--json', '--port', '0', '--admin-port', '0', '--data', data]
  const demo = await startCommand(words, data)
  const ready = readySchema.parse(JSON.parse(demo.line))
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
    output: () => demo.output(),
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
    signal: (name) => demo.signal(name),
    ended: demo.ended,
    [Symbol.asyncDispose]: async () => {
      await agent.destroy()
      await demo[Symbol.asyncDispose]()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
