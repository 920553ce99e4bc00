/**
 * Milliseconds before attempt `attempt` (1: the second one): doubled each time up to `longest`, and a random part of
 * it, so that many senders do not come back at the same moment ("full jitter").
 */
export function backoff(attempt: number, shortest: number, longest: number, random = Math.random): number {
  const whole = Math.min(longest, shortest * 2 ** Math.min(attempt - 1, 30))
  return whole / 2 + (random() * whole) / 2
}
