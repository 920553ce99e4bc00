import { Readable } from 'node:stream'
import { createRequestId } from '../exchange/request-id.ts'
import { readBrokenMessage, type ParserError } from './broken-message.ts'
import type { Connection } from './connection.ts'
import { IncomingBody } from './incoming-body.ts'
import type { RefusalReason } from './listener-options.ts'
import type { ProtocolServerOptions } from './protocol-server.ts'
import { renderClosingAnswer, toMessageRefusal, type MessageRefusal } from './refused-message.ts'
import { ClosingReply } from './reply-closing.ts'

/** Refuses HTTP/1.1 messages that are none: once, and as the last answer of their connection, after those that were due. */
export class MessageRefuser {
  readonly #options: ProtocolServerOptions

  constructor(options: ProtocolServerOptions) {
    this.#options = options
  }

  /** Whether there was something to refuse; false: the connection is of no use to anyone. */
  refuse(
    connection: Connection,
    code: string,
    reason: RefusalReason | undefined,
    error?: ParserError,
  ): boolean {
    if (connection.refused) return connection.lastWords !== undefined || connection.pending.length > 0
    const refusal = toMessageRefusal(code)
    // Browsers open connections ahead of need: one on which nothing was said is closed, not refused.
    if (refusal === undefined || connection.socket.bytesRead === connection.bytesBefore) return false
    connection.refused = true
    const { latest } = connection
    const inBody = latest !== undefined && latest.incomplete
    this.#options.refuse(reason ?? reasonOf(refusal, inBody), code, connection)
    if (inBody && latest.headSent) return false
    const isHead = !inBody && refusal.reason === 'malformed-message'
    if (isHead && error?.rawPacket !== undefined)
      this.#answerBroken(connection, refusal, error.rawPacket, error)
    else connection.lastWords = renderClosingAnswer(refusal.problem, createRequestId(Date.now()))
    if (inBody) latest.settle(false)
    if (connection.pending.length === 0) this.sayLastWords(connection)
    return true
  }

  /** A head that the parser gave up on is an exchange too: guards may look at it, and its record is there to be found. */
  #answerBroken(
    connection: Connection,
    { problem }: MessageRefusal,
    packet: Buffer,
    { bytesParsed = 0 }: ParserError,
  ): void {
    const opening = this.#options.open(readBrokenMessage(packet, bytesParsed, problem), connection)
    const reply = new ClosingReply((answer) => {
      connection.lastWords = answer
      if (connection.pending.length === 0) this.sayLastWords(connection)
    })
    const nothing = new IncomingBody(Readable.from([]), opening.request, this.#options.patience, undefined)
    this.#options.handle(opening, nothing, reply)
  }

  /** The rest of what the client sends is read and thrown away for a moment, so that a reset does not overtake the answer. */
  sayLastWords(connection: Connection): void {
    const { socket, lastWords } = connection
    if (lastWords === undefined || socket.writableEnded) return
    const timer = setTimeout(() => socket.destroy(), lingerMilliseconds)
    socket.once('close', () => clearTimeout(timer))
    socket.end(lastWords)
  }
}

function reasonOf(refusal: MessageRefusal, inBody: boolean): RefusalReason {
  return refusal.reason === 'request-timeout' && !inBody ? 'headers-timeout' : refusal.reason
}

const lingerMilliseconds = 1_000
