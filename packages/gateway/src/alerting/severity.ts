import type { AlertSeverity } from '../store/alert-store.ts'

const order: readonly AlertSeverity[] = ['low', 'medium', 'high', 'critical']

/** Whether `severity` is `minimum` or worse. */
export function isAtLeast(severity: AlertSeverity, minimum: AlertSeverity): boolean {
  return order.indexOf(severity) >= order.indexOf(minimum)
}
