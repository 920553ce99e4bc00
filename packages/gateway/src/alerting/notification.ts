import type { AlertChange } from './alert-engine.ts'

/** What is told at once: changes of alerts of one rule. */
export interface Notification {
  /** The same for every attempt, so that a receiver can tell a repetition. */
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** Which gateway it is. */
  readonly gateway: string
  readonly changes: readonly AlertChange[]
}

/** Someone who is told of alerts. */
export interface AlertTarget extends AsyncDisposable {
  /** @throws Fault `DELIVERY_FAILED`, retryable where another attempt may help */
  send(notification: Notification): Promise<void>
}

/** `2 alerts: high error-spike firing`. */
export function titleOf({ changes }: Notification): string {
  const [first] = changes
  if (first === undefined) return 'no alert'
  const { alert, change } = first
  const many = changes.length === 1 ? '' : `${changes.length} alerts: `
  return `${many}${alert.severity} ${alert.rule} ${wordOf(change)}`
}

/** What became of an alert, in one word. */
export function wordOf(change: AlertChange['change']): string {
  return change === 'repeated' ? 'still firing' : change
}
