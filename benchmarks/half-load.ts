import type { ChildProcess } from 'node:child_process'
import { askReport, type Pauses } from './ask-report.ts'
import { probe } from './probe.ts'
import type { Subject } from './subjects.ts'

/** Latency at half of what a subject can do; milliseconds, of all requests in the quiet slices. */
export interface HalfLoad {
  /** Requests a second. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** The 99th percentile less that of the same rate straight to the upstream. */
  readonly addedP99: number
  /** What the bare proxy adds at this rate. */
  readonly addedByBare: number
  /** Requests in the slices in which nobody else was seen on the cores, and those slices; where none was quiet, all count. */
  readonly counted: number
  readonly quiet: number
  readonly slices: number
  readonly failed: number
  /** What kept a gateway's event loop in all slices. */
  readonly pauses: Pauses | undefined
}

/** The upstream, which is the load as well. */
export interface Upstream {
  readonly origin: string
  readonly prober: ChildProcess
}

/**
 * Measures in short slices at one rate: straight to the upstream, through the bare proxy, through the subject, in turn, until each
 * has enough in which nobody else took part. The slices are short so that there are such ones on a machine that does other things too.
 */
export async function measureHalfLoad(
  subject: Subject,
  bare: Subject,
  { origin, prober }: Upstream,
  rate: number,
): Promise<HalfLoad> {
  const { reporting, shot } = subject
  if (reporting !== undefined) await askReport(reporting)
  const targets = [{ origin, pid: prober.pid ?? 0 }, bare, subject].map(({ origin, pid }) => ({
    origin,
    pid,
  }))
  const order = { targets, shot, rate, milliseconds: 50, wanted: 100, most: 300 }
  const [direct, through, own] = await probe(prober, order)
  if (direct === undefined || through === undefined || own === undefined)
    throw new Error('the load did not measure all it was asked for')
  const rounded = (milliseconds: number): number => Number(milliseconds.toFixed(2))
  return {
    rate: Math.round(rate),
    p50: rounded(own.p50),
    p99: rounded(own.p99),
    addedP99: rounded(own.p99 - direct.p99),
    addedByBare: rounded(through.p99 - direct.p99),
    counted: own.counted,
    quiet: own.quiet,
    slices: own.slices,
    failed: own.failed,
    pauses: reporting === undefined ? undefined : (await askReport(reporting)).pauses,
  }
}
