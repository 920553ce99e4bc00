// `npm run bench:watch`: what history, anomalies, alerts and a sink cost an exchange, in this process, without sockets: turns in
// which they hear of exchanges and turns in which nobody does, one after the other. Options: --json, --rounds N.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startInProcess } from './in-process.ts'
import { temporaryFolder } from './processes.ts'
import { get, settings } from './subjects.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '9' } },
})

const perRound = 10_000
const perTurn = 512

/** A gateway as it is without settings, and one that writes every exchange to a sink. */
const subjects: Readonly<Record<string, (folder: string) => object>> = {
  'history, anomalies, alerts': () => ({}),
  'and every exchange to a file as OCSF': (folder) => ({
    events: {
      sinks: { file: { format: 'ocsf', requests: true, file: { path: join(folder, 'events.log') } } },
    },
  }),
}

const results: Record<string, { readonly off: number; readonly on: number }> = {}
for (const [name, more] of Object.entries(subjects)) results[name] = await measure(more)
if (options.json) console.log(JSON.stringify(results))
else
  for (const [name, { off, on }] of Object.entries(results))
    console.log(
      `${name}: ${off.toFixed(2)} µs without, ${on.toFixed(2)} µs with, ${(on - off).toFixed(2)} µs more`,
    )

async function measure(more: (folder: string) => object) {
  using folder = temporaryFolder()
  const configuration = { ...settings(folder.path, 'http://127.0.0.1:9', 'guarded'), ...more(folder.path) }
  await using gateway = await startInProcess(folder.path, configuration, undefined)
  const key = await gateway.createKey()
  const run = gateway.prepare({ ...get, headers: { ...get.headers, 'x-api-key': key } })
  const sums = { on: 0, off: 0 }
  for (let round = 0; round < 2 + Number(options.rounds); round++) {
    if (round === 2) sums.on = sums.off = 0
    for (let done = 0; done < perRound; done += perTurn)
      for (const state of ['on', 'off'] as const) {
        gateway.hearEvents(state === 'on')
        sums[state] += timeTurn(run)
        await new Promise((resolve) => setImmediate(resolve))
      }
  }
  const runs = Number(options.rounds) * Math.ceil(perRound / perTurn) * perTurn
  return { off: sums.off / runs, on: sums.on / runs }
}

function timeTurn(run: () => number): number {
  const started = process.threadCpuUsage()
  for (let index = 0; index < perTurn; index++) if (run() !== 200) throw new Error('an exchange failed')
  const { user, system } = process.threadCpuUsage(started)
  return user + system
}
