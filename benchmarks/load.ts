import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { cores, has, runPinned } from './processes.ts'

/** A request that is repeated. */
export interface Shot {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What a run of load came to. */
export interface Throughput {
  readonly perSecond: number
  /** Answers other than 2xx; a figure with any of them means nothing. */
  readonly failed: number
}

const manyConnections = 64

/** Seconds that an answer may take: wrk counts a later one as failed, and gives up after two by itself. */
const patience = 30

/**
 * As many requests as go through in `seconds`, by wrk where it is installed, else by autocannon.
 *
 * @param connections how many requests wait for their answers at a time
 */
export async function measureThroughput(
  origin: string,
  shot: Shot,
  seconds: number,
  folder: string,
  connections = manyConnections,
): Promise<Throughput> {
  return has('wrk')
    ? byWrk(origin, shot, seconds, folder, connections)
    : byAutocannon(origin, shot, seconds, connections)
}

async function byWrk(
  origin: string,
  shot: Shot,
  seconds: number,
  folder: string,
  connections: number,
): Promise<Throughput> {
  const script = join(folder, 'shot.lua')
  const headers = Object.entries(shot.headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  )
  const body = shot.body === undefined ? [] : [`wrk.body = [==[${shot.body}]==]`]
  writeFileSync(script, [`wrk.method = "${shot.method}"`, ...headers, ...body].join('\n'))
  const text = await runPinned(cores.rest, 'wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    `${patience}s`,
    '-s',
    script,
    origin + shot.path,
  ])
  const perSecond = Number(/Requests\/sec: +([\d.]+)/.exec(text)?.[1] ?? 0)
  const errors = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0)
  const socketErrors = [
    ...(/Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []),
  ]
  return { perSecond, failed: errors + socketErrors.reduce((sum, count) => sum + Number(count), 0) }
}

async function byAutocannon(
  origin: string,
  shot: Shot,
  seconds: number,
  connections: number,
): Promise<Throughput> {
  const result = await autocannon({
    url: origin + shot.path,
    connections,
    duration: seconds,
    timeout: patience,
    ...toOptions(shot),
  })
  return { perSecond: result.requests.average, failed: result.non2xx + result.errors + result.timeouts }
}

/** Sends `amount` requests as fast as they go. */
export async function sendMany(origin: string, shot: Shot, amount: number): Promise<number> {
  const result = await autocannon({
    url: origin + shot.path,
    connections: manyConnections,
    amount,
    ...toOptions(shot),
  })
  return result.non2xx + result.errors + result.timeouts
}

function toOptions(shot: Shot) {
  return {
    method: shot.method,
    headers: { ...shot.headers },
    ...(shot.body === undefined ? {} : { body: shot.body }),
  }
}
