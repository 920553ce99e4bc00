// `node benchmarks/waf-reload.ts`: rules swapped again and again under load; whether a request is dropped or answered by neither
// set, and what memory is in use once the garbage is gone. Options: --json, --reloads N (1,000), --rules FILE (repeated, read
// besides the rule that changes; `core` unless given).
import { writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cores, startPinned, temporaryFolder } from './processes.ts'
import { askMemory, toMiB } from './soak.ts'
import { settings, startGateway, type Keep } from './subjects.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    reloads: { type: 'string', default: '1000' },
    rules: { type: 'string', multiple: true, default: ['core'] },
  },
})

const loads = 4
const looks = 10

using folder = temporaryFolder()
await using stack = new AsyncDisposableStack()
const keep: Keep = async (...order) => {
  const started = await startPinned(...order)
  stack.defer(() => void started.child.kill('SIGKILL'))
  return started
}
const file = join(folder.path, 'changing.conf')
writeRule(0)
const { line: port } = await keep(cores.rest, process.execPath, ['benchmarks/prober.ts'])
const open = settings(folder.path, `http://127.0.0.1:${port}`, 'open') as { guards: Record<string, unknown> }
const waf = { mode: 'enforce', rules: [...options.rules, file] }
const configuration = { ...open, guards: { ...open.guards, waf } }
const { origin: http, child, reporting } = await startGateway(folder.path, 'reloaded', configuration, keep)
const agent = new Agent({ keepAlive: true })
const statuses = new Map<string, number>()
const over = new AbortController()
const running = Array.from({ length: loads }, load)
const memory = [await askMemory(reporting)]
const started = performance.now()
const reloads = Number(options.reloads)
for (let reload = 1; reload <= reloads; reload++) {
  writeRule(reload)
  child.kill('SIGHUP')
  while ((await ask(`word${reload}`)) !== '403') await sleep(5)
  if (reload % Math.ceil(reloads / looks) !== 0) continue
  const look = await askMemory(reporting)
  memory.push(look)
  process.stderr.write(`${reload} reloads, ${toMiB(look.heapUsed)} MiB in use\n`)
}
const seconds = (performance.now() - started) / 1000
over.abort()
await Promise.all(running)
agent.destroy()
const result = {
  reloads,
  secondsPerReload: seconds / reloads,
  requests: Object.fromEntries(statuses),
  heapMiB: memory.map(({ heapUsed }) => toMiB(heapUsed)),
  externalMiB: memory.map(({ external }) => toMiB(external)),
  residentMiB: memory.map(({ rss }) => toMiB(rss)),
}
if (options.json) console.log(JSON.stringify(result))
else print()

/** The one rule that is another one after each reload. */
function writeRule(reload: number): void {
  writeFileSync(file, `SecRule ARGS:q "@streq word${reload}" "id:1,phase:2,deny,status:403"\n`)
}

/** Requests that no rule is about, one after the other, until the reloads are over. */
async function load(): Promise<void> {
  while (!over.signal.aborted) {
    const status = await ask('harmless')
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
}

/** The status of a request's answer, or what became of it without one. */
function ask(word: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const request = get(`${http}/items?q=${word}`, { agent }, (response) => {
    response.resume()
    response.once('end', () => resolve(String(response.statusCode)))
    response.once('error', (error) => resolve(error.message))
  })
  request.once('error', (error) => resolve(error.message))
  return promise
}

function print(): void {
  const { secondsPerReload, requests, heapMiB, externalMiB, residentMiB } = result
  console.log(`${reloads} reloads, ${(secondsPerReload * 1000).toFixed(0)} ms each until the new rules act`)
  console.log(`answers to what no rule is about: ${JSON.stringify(requests)}`)
  console.log(
    `in use after collection, MiB, at the start and ${looks} times on the way: ${heapMiB.join(' ')}`,
  )
  console.log(`outside the heap: ${externalMiB.join(' ')}; resident: ${residentMiB.join(' ')}`)
}
