import { answerBody } from './fast-answer.ts'
import { startInProcess, type GatewayInProcess } from './in-process.ts'
import type { Shot } from './load.ts'
import { temporaryFolder } from './processes.ts'
import { firstDecile, Stopwatch } from './stopwatch.ts'
import { createIssuer, get, post, settings } from './subjects.ts'

/** What one kind of exchange costs. */
export interface Measurement {
  /** Microseconds of a work that never changes, measured in between: what differs here between runs is the machine. */
  readonly yardstick: number
  /** Microseconds of an exchange that nothing disturbs. */
  readonly undisturbed: number
  /** Microseconds of processor time an exchange, garbage collection and all that disturbs included. */
  readonly processor: number
  /** Microseconds of each part, where they were timed. */
  readonly parts: readonly (readonly [name: string, microseconds: number])[]
}

const perRound = 10_000
const perTurn = 50

/**
 * Measures `off`, `key` or `token`, a space and the method: without guards, with all but the WAF and an API key or a token.
 * Timing the parts slows the whole down.
 */
export async function measureExchange(
  subject: string,
  rounds: number,
  isTimed: boolean,
): Promise<Measurement> {
  using folder = temporaryFolder()
  const stopwatch = isTimed ? new Stopwatch() : undefined
  const token = await (await createIssuer(folder.path))()
  const strength = subject.startsWith('off') ? 'open' : 'guarded'
  const configuration = settings(folder.path, 'http://127.0.0.1:9', strength)
  await using gateway = await startInProcess(folder.path, configuration, stopwatch)
  const run = gateway.prepare(await toShot(subject, gateway, token))
  // The first one may have to wait for the issuer's keys.
  run()
  await new Promise((resolve) => setTimeout(resolve, 500))
  const meter = new Meter(run, stopwatch)
  for (let warm = 0; warm < 3; warm++) await meter.runRound()
  meter.reset()
  for (let round = 0; round < rounds; round++) await meter.runRound()
  return {
    yardstick: meter.yardstick / meter.runs,
    undisturbed: firstDecile(meter.turns),
    processor: meter.processor / meter.runs,
    parts: [...(stopwatch?.results() ?? [])],
  }
}

async function toShot(subject: string, gateway: GatewayInProcess, token: string): Promise<Shot> {
  const shot = subject.endsWith('GET') ? get : post
  const { headers } = shot
  if (subject.startsWith('key'))
    return { ...shot, headers: { ...headers, 'x-api-key': await gateway.createKey() } }
  if (subject.startsWith('token'))
    return { ...shot, headers: { ...headers, authorization: `Bearer ${token}` } }
  return shot
}

/** Adds up processor time: the kernel counts it in steps of milliseconds, so that only long sums are right. */
class Meter {
  runs = 0
  /** Microseconds an exchange, of each turn. */
  readonly turns: number[] = []
  /** Microseconds of all exchanges, and of as many runs of the yardstick. */
  processor = 0
  yardstick = 0
  readonly #run: () => number
  readonly #stopwatch: Stopwatch | undefined
  readonly #fixedText = answerBody.toString()

  constructor(run: () => number, stopwatch: Stopwatch | undefined) {
    this.#run = run
    this.#stopwatch = stopwatch
  }

  /** Forgets everything: it was a warming up. */
  reset(): void {
    this.runs = 0
    this.turns.length = 0
    this.processor = 0
    this.yardstick = 0
    this.#stopwatch?.reset()
  }

  /** Between turns the process does what waits, writing the log above all. */
  async runRound(): Promise<void> {
    for (let done = 0; done < perRound; done += perTurn) {
      const started = performance.now()
      this.processor += timeTurn(() => {
        if (this.#run() !== 200) throw new Error('an exchange failed')
      })
      this.turns.push(((performance.now() - started) / perTurn) * 1_000)
      this.#stopwatch?.endTurn()
      this.yardstick += timeTurn(() => {
        if (JSON.stringify(JSON.parse(this.#fixedText)) === '') throw new Error('nothing was written')
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.runs += perRound
  }
}

function timeTurn(work: () => void): number {
  const started = process.threadCpuUsage()
  for (let index = 0; index < perTurn; index++) work()
  const { user, system } = process.threadCpuUsage(started)
  return user + system
}
