import { readFileSync } from 'node:fs'
import { Agent, request, type Dispatcher } from 'undici'
import { z } from 'zod'
import { startCommand, type RunningCommand } from './run-command.ts'

const readySchema = z.strictObject({
  gateway: z.url(),
  http: z.url().optional(),
  admin: z.url(),
  key: z.string().optional(),
  welcome: z.url().optional(),
  ca: z.string().optional(),
  warnings: z.number(),
})

/** `gateward serve` as a person starts it. */
export interface RunningServe extends AsyncDisposable {
  readonly ready: z.infer<typeof readySchema>
  readonly process: RunningCommand
  /** A request to the gate over verified TLS. */
  send(path: string, key?: string, method?: Dispatcher.HttpMethod): Promise<Answer>
  /** A request to the admin address. */
  ask(path: string): Promise<Answer>
  /** The log's lines of an event, as they were read. */
  logged(event: string): readonly Readonly<Record<string, unknown>>[]
}

/** An answer that was read to its end. */
interface Answer {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly text: string
}

/** Starts `gateward serve --json` on free ports; `ca` is needed where certificates come from files. */
export async function startServe(
  folder: string,
  words: readonly string[],
  ca?: string,
): Promise<RunningServe> {
  const all = ['serve', '--json', '--port', '0', '--admin-port', '0', ...words]
  const process = await startCommand(all, folder)
  const ready = readySchema.parse(JSON.parse(process.line))
  const agent = new Agent({ connect: { ca: ca ?? readFileSync(ready.ca ?? '', 'utf8') } })
  const toAnswer = async (url: string, method: Dispatcher.HttpMethod, key?: string): Promise<Answer> => {
    const headers = key === undefined ? {} : { 'x-api-key': key }
    const answer = await request(url, { method, headers, dispatcher: agent })
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
  }
  return {
    ready,
    process,
    send: (path, key, method = 'GET') => toAnswer(ready.gateway + path, method, key),
    ask: (path) => toAnswer(ready.admin + path, 'GET'),
    logged: (event) => linesOf(process.errors()).filter((line) => line['event'] === event),
    async [Symbol.asyncDispose]() {
      await agent.destroy()
      await process[Symbol.asyncDispose]()
    },
  }
}

function linesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}
