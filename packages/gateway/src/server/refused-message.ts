import { STATUS_CODES } from 'node:http'
import { defineProblem, renderProblem, type Problem } from '@gateward/kernel'
import { badRequest } from '../exchange/framing.ts'
import type { RefusalReason } from './listener-options.ts'

/** What is answered to a message that the HTTP/1.1 parser could not read; `undefined`: nobody is there to read an answer. */
export interface MessageRefusal {
  readonly reason: RefusalReason
  readonly problem: Problem
}

/** What an error of Node's HTTP/1.1 parser or of its timers means for the client. */
export function toMessageRefusal(code: string): MessageRefusal | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return tooLarge
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow
  // A client that ends its side in the middle of a message has left.
  if (code === 'HPE_INVALID_EOF_STATE') return undefined
  return code.startsWith('HPE_') ? malformed : undefined
}

/** The bytes of an answer that closes its connection, written past Node's HTTP, which has given up on it. */
export function renderClosingAnswer(problem: Problem, requestId: string): Buffer {
  const body = Buffer.from(renderProblem(problem, requestId, false))
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'content-type: application/problem+json',
    'cache-control: no-store',
    `x-request-id: ${requestId}`,
    `content-length: ${body.length}`,
    'connection: close',
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

const malformed: MessageRefusal = {
  reason: 'malformed-message',
  problem: badRequest('the message is not well-formed HTTP/1.1'),
}
const tooLarge: MessageRefusal = {
  reason: 'headers-too-large',
  problem: defineProblem('HEADERS_TOO_LARGE', 'the header section is larger than wire.headerBytes'),
}
const tooSlow: MessageRefusal = {
  reason: 'request-timeout',
  problem: defineProblem('REQUEST_TIMEOUT', 'the request did not arrive whole in its time'),
}
