import { Fault } from '@gateward/kernel'
import { isWorthRetrying, type PostAnswer } from '../../delivery/post.ts'

/**
 * Lets a good answer pass.
 *
 * @throws Fault `DELIVERY_FAILED` for any status but 2xx
 */
export function checkAnswer(kind: string, { status, body }: PostAnswer): void {
  if (status >= 200 && status < 300) return
  throw new Fault('DELIVERY_FAILED', `${kind} answered ${status}: ${body.slice(0, 200)}`, {
    source: 'upstream',
    retryable: isWorthRetrying(status),
  })
}
