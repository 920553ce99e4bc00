// Loaded into the gateway under test: on SIGUSR2 it writes to the file that GATEWARD_BENCH_REPORT names how long its event loop
// was kept from turning since the last time, collects its garbage, and writes how much memory is left in use.
// Needs --expose-gc.
import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { Report } from './ask-report.ts'

const file = process.env['GATEWARD_BENCH_REPORT']
// A millisecond is as often as it can look; it begins with the first report, since looking costs time.
const loop = monitorEventLoopDelay({ resolution: 1 })
let collections: number[] = []
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collections.push(duration)
}).observe({ entryTypes: ['gc'] })

process.on('SIGUSR2', () => {
  // What was observed in this turn is told in the next one.
  setImmediate(() => setImmediate(write))
})

function write(): void {
  if (file === undefined || globalThis.gc === undefined) return
  const pauses = {
    looks: loop.count,
    p99: loop.percentile(99) / 1e6,
    p999: loop.percentile(99.9) / 1e6,
    longest: loop.max / 1e6,
    collections: collections.length,
    longestCollection: collections.reduce((longest, duration) => Math.max(longest, duration), 0),
  }
  // What the first collection makes unreachable (weak references, finalised buffers) goes with the second.
  globalThis.gc()
  globalThis.gc()
  const report: Report = { pauses, memory: process.memoryUsage() }
  writeFileSync(`${file}.part`, JSON.stringify(report))
  renameSync(`${file}.part`, file)
  loop.enable()
  // The collections above are observed a turn later, and are none of the traffic's.
  setImmediate(() =>
    setImmediate(() => {
      collections = []
      loop.reset()
    }),
  )
}
