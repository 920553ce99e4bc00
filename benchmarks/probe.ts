import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Shot } from './load.ts'

/** What the prober is told to send: `rate` requests a second for a time. */
export interface Order {
  readonly origin: string
  readonly shot: Shot
  readonly rate: number
  readonly milliseconds: number
}

/** How long answers took in one window, milliseconds from when each request was due. */
export interface Window {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly sent: number
  /** Answers other than 200, and those that never came. */
  readonly failed: number
}

/** Has the prober send for one window. */
export async function probe(prober: ChildProcess, order: Order): Promise<Window> {
  prober.send(order)
  const [window] = (await once(prober, 'message')) as [Window | { readonly error: string }]
  if ('error' in window) throw new Error(window.error)
  return window
}
