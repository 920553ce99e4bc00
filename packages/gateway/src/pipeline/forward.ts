import type { Readable } from 'node:stream'
import type { Exchange } from '../exchange/exchange.ts'
import type { UpstreamDestination } from '../site/site.ts'
import { forwardHeaders } from '../upstream/forward-headers.ts'
import type { UpstreamCall, UpstreamReceiver } from '../upstream/upstream.ts'
import { forwardTarget } from './forward-target.ts'

/**
 * Sends the request on as it was decided about: the canonical path, and the body as the guards left it.
 *
 * @param isRewritten whether a body that streams may get another length than it came with
 */
export function forward(
  exchange: Exchange,
  destination: UpstreamDestination,
  wholeAnswer: boolean,
  body: Buffer | Readable | undefined,
  isRewritten: boolean,
  receiver: UpstreamReceiver,
): UpstreamCall {
  return destination.upstream.forward(
    {
      id: exchange.id,
      method: exchange.request.method,
      target: forwardTarget(exchange, destination),
      headers: forwardHeaders(exchange, {
        policy: destination.upstream.forwarding,
        wholeAnswer,
        bodyLength: Buffer.isBuffer(body) ? body.length : undefined,
        isRewritten,
      }),
      body,
    },
    receiver,
  )
}
