import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a gateway says of itself. */
export interface Report {
  readonly memory: NodeJS.MemoryUsage
  readonly pauses: Pauses
}

/** How long its event loop was kept from turning since the report before, milliseconds. */
export interface Pauses {
  /** How often it was looked at; 0 in the first report, which begins to look. */
  readonly looks: number
  /** Of the time from one look to the next, a millisecond of which is the look's own. */
  readonly p99: number
  readonly p999: number
  readonly longest: number
  /** Garbage collections, and the longest of them. */
  readonly collections: number
  readonly longestCollection: number
}

/** A gateway that reports, and the file in which it does. */
export interface Reporting {
  readonly process: ChildProcess
  readonly reportFile: string
}

/** Asks a gateway for its report. */
export async function askReport({ process: gateway, reportFile }: Reporting): Promise<Report> {
  rmSync(reportFile, { force: true })
  gateway.kill('SIGUSR2')
  for (let waited = 0; !existsSync(reportFile); waited++) {
    if (waited > 600) throw new Error('the gateway does not report')
    await sleep(50)
  }
  return JSON.parse(readFileSync(reportFile, 'utf8')) as Report
}
