// `npm run bench`: the gateway beside the proxies one would compare it with, in one run, each alone on one core.
// Options: --json, --seconds N (each measurement), --rounds N, --only TEXT (of a subject's name; the bare proxy always runs),
// --no-latency, --soak (a million requests, memory before and after).
import { parseArgs } from 'node:util'
import { cpus } from 'node:os'
import { measureHalfLoad, type HalfLoad } from './half-load.ts'
import { temporaryFolder } from './processes.ts'
import { soak, type SoakResult } from './soak.ts'
import { startSubjects } from './subjects.ts'
import { measureFullLoad, measureOnce, type FullLoad } from './full-load.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    latency: { type: 'boolean', default: true },
    soak: { type: 'boolean', default: false },
  },
  allowNegative: true,
})

interface Row {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly full: FullLoad
  readonly half: HalfLoad | undefined
}

using folder = temporaryFolder()
await using subjects = await startSubjects(folder.path)
const rows = await measureAll()
const soaked = options.soak ? await soak(subjects.gateway) : undefined
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`
if (options.json) console.log(JSON.stringify({ machine, rows, soak: soaked }))
else print()

async function measureAll(): Promise<readonly Row[]> {
  const all = subjects.all.filter(({ name, isYardstick }) => isYardstick || name.includes(options.only))
  const found = await measureFullLoad(all, Number(options.rounds), Number(options.seconds), folder.path)
  const rows: Row[] = []
  for (const [subject, full] of found) {
    const { name, shot, isYardstick } = subject
    const bare = all.find((other) => other.isYardstick && other.shot.method === shot.method)
    let half: HalfLoad | undefined
    if (options.latency && bare !== undefined && !isYardstick) {
      process.stderr.write(`latency at half load: ${name} ${shot.method}\n`)
      const { perSecond } = await measureOnce(subject, 1, folder.path)
      half = await measureHalfLoad(subject, bare, subjects.upstream, perSecond / 2)
    }
    rows.push({ name, method: shot.method, full, half })
  }
  return rows
}

function print(): void {
  console.log(`${machine}; each subject alone on one core, load and upstream on the other\n`)
  console.log('| subject | method | requests/s | to the bare proxy | processor, µs | bare proxy to it |')
  console.log('| --- | --- | --: | --: | --: | --: |')
  for (const { name, method, full, half } of rows) {
    const failures = full.failed + (half?.failed ?? 0)
    const note = failures === 0 ? '' : ` (${failures} failed)`
    const speed = `${full.perSecond.toLocaleString('en')} | ${full.ratio.toFixed(2)}`
    console.log(
      `| ${name}${note} | ${method} | ${speed} | ${full.processor} | ${full.processorRatio.toFixed(2)} |`,
    )
  }
  if (options.latency) printLatency()
  if (soaked !== undefined) printSoak(soaked)
}

function printLatency(): void {
  console.log(
    '\nAt half load, milliseconds; all requests of the slices in which nobody else was seen on the cores:\n',
  )
  const ofGateway = 'loop p99.9 | longest pause | longest collection'
  console.log(
    `| subject | method | requests/s | p50 | p99 | p99 added | by the bare proxy | counted | quiet slices | ${ofGateway} |`,
  )
  console.log('| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |')
  for (const { name, method, half } of rows) {
    if (half === undefined) continue
    const { rate, p50, p99, addedP99, addedByBare, counted, quiet, slices, pauses } = half
    const ofLoop =
      pauses === undefined
        ? ' | | '
        : [pauses.p999, pauses.longest, pauses.longestCollection].map((value) => value.toFixed(1)).join(' | ')
    console.log(
      `| ${name} | ${method} | ${rate} | ${p50} | ${p99} | ${addedP99} | ${addedByBare} | ${counted} | ${quiet} of ${slices} | ${ofLoop} |`,
    )
  }
}

function printSoak({ requests, failed, heapMiB, externalMiB, residentMiB }: SoakResult): void {
  console.log(`\nMemory at the start and after each tenth of ${requests.toLocaleString('en')} requests, MiB:`)
  console.log(`heap in use after collection  ${heapMiB.join(' ')}`)
  console.log(`outside the heap              ${externalMiB.join(' ')}`)
  console.log(`resident                      ${residentMiB.join(' ')}`)
  console.log(`${failed} failed`)
}
