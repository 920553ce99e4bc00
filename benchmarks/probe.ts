import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Shot } from './load.ts'

/** Whom the prober asks, and the process that answers. */
export interface Target {
  readonly origin: string
  readonly pid: number
}

/** What the prober is told to send: `rate` requests a second, in slices to each target in turn. */
export interface Order {
  readonly targets: readonly Target[]
  readonly shot: Shot
  readonly rate: number
  /** How long a slice is. */
  readonly milliseconds: number
  /** Quiet slices wanted of each target, and how many there are at most. */
  readonly wanted: number
  readonly most: number
}

/** How long a target's answers took, milliseconds from when each request was due; of the quiet slices, where there are any. */
export interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly counted: number
  readonly quiet: number
  readonly slices: number
  /** Answers other than 200, and those that never came, in all slices. */
  readonly failed: number
}

/** Has the prober send; the answers' times are in the order of the targets. */
export async function probe(prober: ChildProcess, order: Order): Promise<readonly Latencies[]> {
  prober.send(order)
  const [found] = (await once(prober, 'message')) as [readonly Latencies[] | { readonly error: string }]
  if ('error' in found) throw new Error(found.error)
  return found
}
