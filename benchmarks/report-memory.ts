// Loaded into the gateway under test: on SIGUSR2 it collects its garbage and writes how much memory is left in use to the
// file that GATEWARD_BENCH_MEMORY names. Needs --expose-gc.
import { renameSync, writeFileSync } from 'node:fs'

const file = process.env['GATEWARD_BENCH_MEMORY']

process.on('SIGUSR2', () => {
  if (file === undefined || globalThis.gc === undefined) return
  // What the first collection makes unreachable (weak references, finalised buffers) goes with the second.
  globalThis.gc()
  globalThis.gc()
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
  renameSync(`${file}.part`, file)
})
