import { readProcessorTime, readStolenTicks } from './processor-time.ts'

/** Microseconds for which others may keep a process waiting before what is measured meanwhile does not count. */
const mostDelay = 500

/**
 * Begins to watch: the answer says whether meanwhile the host took time away, or another program kept one of these processes
 * waiting for its core. What a process's own other threads take, its garbage collector's above all, is its own affair.
 */
export function startDisturbance(pids: readonly number[]): () => boolean {
  const before = pids.map(readProcessorTime)
  const stolen = readStolenTicks()
  return () => {
    if (readStolenTicks() > stolen) return true
    return pids.some((pid, index) => {
      const [from, to] = [before[index], readProcessorTime(pid)]
      if (from === undefined || to === undefined) return false
      return to.delay - from.delay - (to.others - from.others) > mostDelay
    })
  }
}
