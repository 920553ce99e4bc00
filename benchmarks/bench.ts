// `npm run bench`: the gateway beside the proxies one would compare it with, in one run, each alone on one core.
// Options: --json, --seconds N (each measurement), --rounds N, --soak (a million requests, memory before and after).
import { parseArgs } from 'node:util'
import { cpus } from 'node:os'
import { startSubjects, type Subject } from './subjects.ts'
import { measureLatency, measureThroughput, type Latency } from './load.ts'
import { temporaryFolder } from './processes.ts'
import { soak, type SoakResult } from './soak.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    soak: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** Requests a second, the median of the rounds. */
  readonly perSecond: number
  /** The median of the rounds' ratios to the bare proxy with the same method in the same round. */
  readonly ratio: number
  readonly failed: number
  /** At half the subject's own load. */
  readonly atHalfLoad: HalfLoad
}

/** Milliseconds, medians of the rounds, at one rate in turn. */
interface HalfLoad {
  /** Requests a second. */
  readonly rate: number
  readonly p99: number
  /** The 99th percentile less that of the same requests straight to the upstream. */
  readonly addedP99: number
  /** What the bare proxy adds at this rate. */
  readonly addedByBare: number
  readonly failed: number
}

const seconds = Number(options.seconds)
using folder = temporaryFolder()
await using subjects = await startSubjects(folder.path)
const rows = await measureAll(subjects.all, subjects.upstream)
const soaked = options.soak ? await soak(subjects.gateway) : undefined
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`
if (options.json) console.log(JSON.stringify({ machine, rows, soak: soaked }))
else print(machine, rows, soaked)

async function measureAll(all: readonly Subject[], upstream: string): Promise<readonly Row[]> {
  const samples = new Map<Subject, { perSecond: number[]; ratio: number[]; failed: number }>()
  for (let round = 0; round < Number(options.rounds); round++) {
    const yardstick = new Map<string, number>()
    for (const subject of all) {
      progress(`round ${round + 1}: ${subject.name} ${subject.shot.method}`)
      await measureThroughput(subject.origin, subject.shot, 1, folder.path)
      const { perSecond, failed } = await measureThroughput(
        subject.origin,
        subject.shot,
        seconds,
        folder.path,
      )
      if (subject.isYardstick) yardstick.set(subject.shot.method, perSecond)
      const sample = samples.get(subject) ?? { perSecond: [], ratio: [], failed: 0 }
      sample.perSecond.push(perSecond)
      sample.ratio.push(perSecond / (yardstick.get(subject.shot.method) ?? perSecond))
      sample.failed += failed
      samples.set(subject, sample)
    }
  }
  const rows: Row[] = []
  for (const [subject, sample] of samples) {
    const perSecond = median(sample.perSecond)
    rows.push({
      name: subject.name,
      method: subject.shot.method,
      perSecond: Math.round(perSecond),
      ratio: Number(median(sample.ratio).toFixed(2)),
      failed: sample.failed,
      atHalfLoad: await measureHalfLoad(all, upstream, subject, perSecond / 2),
    })
  }
  return rows
}

async function measureHalfLoad(
  all: readonly Subject[],
  upstream: string,
  subject: Subject,
  rate: number,
): Promise<HalfLoad> {
  const bare = all.find((other) => other.isYardstick && other.shot.method === subject.shot.method)
  const origins = { own: subject.origin, direct: upstream, bare: bare?.origin ?? subject.origin }
  const found: Record<keyof typeof origins, Latency[]> = { own: [], direct: [], bare: [] }
  progress(`latency at half load: ${subject.name} ${subject.shot.method}`)
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, origin] of Object.entries(origins) as [keyof typeof origins, string][])
      found[name].push(await measureLatency(origin, subject.shot, rate, seconds))
  }
  const p99 = (name: keyof typeof origins): number => median(found[name].map((latency) => latency.p99))
  const round = (value: number): number => Number(value.toFixed(1))
  return {
    rate: Math.round(rate),
    p99: round(p99('own')),
    addedP99: round(p99('own') - p99('direct')),
    addedByBare: round(p99('bare') - p99('direct')),
    failed: found.own.reduce((sum, { failed }) => sum + failed, 0),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

function print(machine: string, rows: readonly Row[], soaked: SoakResult | undefined): void {
  console.log(`${machine}; each subject alone on one core, load and upstream on the other\n`)
  console.log(
    '| subject | method | requests/s | to the bare proxy | p99 added at half load | by the bare proxy |',
  )
  console.log('| --- | --- | --: | --: | --: | --: |')
  for (const { name, method, perSecond, ratio, failed, atHalfLoad } of rows) {
    const failures = failed + atHalfLoad.failed
    const note = failures === 0 ? '' : ` (${failures} failed)`
    const half = `${atHalfLoad.addedP99} ms | ${atHalfLoad.addedByBare} ms`
    console.log(
      `| ${name}${note} | ${method} | ${perSecond.toLocaleString('en')} | ${ratio.toFixed(2)} | ${half} |`,
    )
  }
  if (soaked !== undefined) {
    const { requests, failed, heapMiB, externalMiB, residentMiB } = soaked
    console.log(
      `\nMemory at the start and after each tenth of ${requests.toLocaleString('en')} requests, MiB:`,
    )
    console.log(`heap in use after collection  ${heapMiB.join(' ')}`)
    console.log(`outside the heap              ${externalMiB.join(' ')}`)
    console.log(`resident                      ${residentMiB.join(' ')}`)
    console.log(`${failed} failed`)
  }
}
