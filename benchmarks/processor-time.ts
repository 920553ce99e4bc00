import { readdirSync, readFileSync } from 'node:fs'

/** What the kernel has counted of a process and those it started; microseconds. */
export interface ProcessorTime {
  /** Of the thread that everything runs on. */
  readonly main: number
  /** Of all others: the collector's helpers, the compiler, the pool's threads, worker processes. */
  readonly others: number
  /** How long the main thread was ready to run and had to wait for its core. */
  readonly delay: number
}

/** Reads it from `/proc`; `undefined` where there is none. */
export function readProcessorTime(pid: number): ProcessorTime | undefined {
  try {
    const time = { main: 0, others: 0, delay: 0 }
    addProcess(time, pid, true)
    return time
  } catch {
    return undefined
  }
}

/** What was taken from this machine by others on its host, all cores, in ticks of a hundredth of a second. */
export function readStolenTicks(): number {
  try {
    return Number(/^cpu +(?:\d+ +){7}(\d+)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function addProcess(
  time: { main: number; others: number; delay: number },
  pid: number,
  isFirst: boolean,
): void {
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    const [run = 0, delay = 0] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number)
    if (isFirst && thread === String(pid)) {
      time.main += run / 1_000
      time.delay += delay / 1_000
    } else time.others += run / 1_000
    for (const child of readFileSync(`${folder}/children`, 'utf8').split(' ').filter(Boolean))
      addProcess(time, Number(child), false)
  }
}
