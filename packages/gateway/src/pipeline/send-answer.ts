import type { Exchange } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'

/** Sends an answer that is held whole, or has no body. */
export function sendAnswer(exchange: Exchange, reply: Reply): void {
  const { answer } = exchange
  if (answer === undefined || reply.closed) return
  const bytes =
    answer.body.kind === 'whole' && exchange.request.method !== 'HEAD' ? answer.body.bytes : undefined
  reply.send(answer.status, answer.headers.flat, bytes)
}
