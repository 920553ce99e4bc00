import { measureThroughput } from './load.ts'
import { median } from './median.ts'
import { readProcessorTime } from './processor-time.ts'
import type { Subject } from './subjects.ts'

/** What a subject did at full load; medians of the rounds. */
export interface FullLoad {
  /** Requests a second. */
  readonly perSecond: number
  /** To the bare proxy with the same method in the same round. */
  readonly ratio: number
  /** Microseconds of processor time a request, of all threads; 0 where the kernel does not tell. */
  readonly processor: number
  /** The bare proxy's processor time a request to the subject's, in the same round. */
  readonly processorRatio: number
  readonly failed: number
}

interface Round {
  readonly perSecond: number
  readonly processor: number
  readonly failed: number
}

/** Requests after which a subject's code has been compiled for what it meets; and the time this may take, seconds. */
const warmRequests = 60_000
const warmSeconds = 20

/**
 * Measures all subjects in many short rounds, forwards and backwards in turn, so that what disturbs the machine meets all of
 * them. First each is kept busy until it is compiled: a gateway is measured as it runs for days, not in its first seconds.
 */
export async function measureFullLoad(
  all: readonly Subject[],
  rounds: number,
  seconds: number,
  folder: string,
): Promise<ReadonlyMap<Subject, FullLoad>> {
  for (const subject of all) await warmUp(subject, folder)
  const found = new Map<Subject, Round[]>(all.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
    for (const subject of round % 2 === 0 ? all : all.toReversed())
      found.get(subject)?.push(await measureOnce(subject, seconds, folder))
  }
  return new Map(all.map((subject) => [subject, summarise(subject, found)]))
}

/** Measures one subject for a time. */
export async function measureOnce(
  { origin, shot, pid }: Subject,
  seconds: number,
  folder: string,
): Promise<Round> {
  const before = readProcessorTime(pid)
  const { perSecond, failed } = await measureThroughput(origin, shot, seconds, folder)
  const after = readProcessorTime(pid)
  const isTold = before !== undefined && after !== undefined
  const used = isTold ? after.main + after.others - before.main - before.others : 0
  return { perSecond, processor: used / (perSecond * seconds), failed }
}

/** Keeps a subject busy until what it does for this request is compiled. */
export async function warmUp(
  { name, origin, shot }: Pick<Subject, 'name' | 'origin' | 'shot'>,
  folder: string,
  connections?: number,
): Promise<void> {
  process.stderr.write(`warming up: ${name} ${shot.method}\n`)
  for (let done = 0, second = 0; done < warmRequests && second < warmSeconds; second++)
    done += (await measureThroughput(origin, shot, 1, folder, connections)).perSecond
}

function summarise(subject: Subject, found: ReadonlyMap<Subject, readonly Round[]>): FullLoad {
  const own = found.get(subject) ?? []
  const [bare] =
    [...found].find(([other]) => other.isYardstick && other.shot.method === subject.shot.method) ?? []
  const yardstick = bare === undefined ? own : (found.get(bare) ?? own)
  const ratios = own.map(({ perSecond }, round) => perSecond / (yardstick[round]?.perSecond ?? perSecond))
  const costs = own.map(({ processor }, round) => (yardstick[round]?.processor ?? processor) / processor)
  return {
    perSecond: Math.round(median(own.map((round) => round.perSecond))),
    ratio: Number(median(ratios).toFixed(2)),
    processor: Number(median(own.map((round) => round.processor)).toFixed(1)),
    processorRatio: Number(median(costs).toFixed(2)),
    failed: own.reduce((sum, { failed }) => sum + failed, 0),
  }
}
