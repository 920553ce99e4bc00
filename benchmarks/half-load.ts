import type { ChildProcess } from 'node:child_process'
import { askReport, type Pauses } from './ask-report.ts'
import { median } from './median.ts'
import { probe, type Window } from './probe.ts'
import { readProcessorTime, readStolenTicks } from './processor-time.ts'
import type { Subject } from './subjects.ts'

/** Latency at half of what a subject can do; milliseconds, medians over the quiet turns. */
export interface HalfLoad {
  /** Requests a second. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** The 99th percentile less that of the same rate straight to the upstream, in the same turn. */
  readonly addedP99: number
  /** What the bare proxy adds at this rate. */
  readonly addedByBare: number
  /** Turns in which nobody else was seen on the cores, and all there were; where none was quiet, all count. */
  readonly quiet: number
  readonly turns: number
  readonly failed: number
  /** What kept a gateway's event loop in all turns. */
  readonly pauses: Pauses | undefined
}

interface Turn {
  readonly direct: Window
  readonly bare: Window
  readonly own: Window
  readonly isQuiet: boolean
}

const wantedTurns = 15
const mostTurns = 25
const windowMilliseconds = 400
/** Microseconds in a window for which others may have kept a process waiting. */
const mostDelay = 1_000

/**
 * Measures in turns of three short windows at one rate: straight to the upstream, through the bare proxy, through the
 * subject. A turn in which the host took time away, or another program kept the load or the subject waiting for its core,
 * does not count. What a process's own other threads take, its garbage collector's above all, is its own affair and counts.
 */
export async function measureHalfLoad(
  subject: Subject,
  bare: Subject,
  upstream: Upstream,
  rate: number,
): Promise<HalfLoad> {
  const turns: Turn[] = []
  const { reporting } = subject
  if (reporting !== undefined) await askReport(reporting)
  const quiet = (): Turn[] => turns.filter((turn) => turn.isQuiet)
  while (turns.length < mostTurns && quiet().length < wantedTurns)
    turns.push(await measureTurn(subject, bare, upstream, rate))
  const counted = quiet().length === 0 ? turns : quiet()
  const middle = (read: (turn: Turn) => number): number => Number(median(counted.map(read)).toFixed(2))
  return {
    rate: Math.round(rate),
    p50: middle(({ own }) => own.p50),
    p99: middle(({ own }) => own.p99),
    addedP99: middle(({ own, direct }) => own.p99 - direct.p99),
    addedByBare: middle(({ bare, direct }) => bare.p99 - direct.p99),
    quiet: quiet().length,
    turns: turns.length,
    failed: turns.reduce((sum, { own }) => sum + own.failed, 0),
    pauses: reporting === undefined ? undefined : (await askReport(reporting)).pauses,
  }
}

/** The upstream, which is the load as well. */
export interface Upstream {
  readonly origin: string
  readonly prober: ChildProcess
}

async function measureTurn(subject: Subject, bare: Subject, upstream: Upstream, rate: number): Promise<Turn> {
  const { prober } = upstream
  const loadPid = prober.pid ?? 0
  let isQuiet = true
  const window = async (origin: string, pid: number): Promise<Window> => {
    const ownDelay = startDelay(pid)
    const loadDelay = startDelay(loadPid)
    const stolen = readStolenTicks()
    const found = await probe(prober, { origin, shot: subject.shot, rate, milliseconds: windowMilliseconds })
    if (readStolenTicks() > stolen || ownDelay() > mostDelay || loadDelay() > mostDelay) isQuiet = false
    return found
  }
  const direct = await window(upstream.origin, loadPid)
  const through = await window(bare.origin, bare.pid)
  const own = await window(subject.origin, subject.pid)
  return { direct, bare: through, own, isQuiet }
}

/** Begins to count for how long others keep a process waiting: what its own other threads did not cause. */
function startDelay(pid: number): () => number {
  const before = readProcessorTime(pid)
  return () => {
    const after = readProcessorTime(pid)
    if (before === undefined || after === undefined) return 0
    return after.delay - before.delay - (after.others - before.others)
  }
}
