import { STATUS_CODES } from 'node:http'
import type { Reply } from '../exchange/reply.ts'
import { lengthOf, toWireHeaders } from './answer-headers.ts'

/**
 * The way back of a message that the parser refused: its answer is the last of the connection, rendered by hand since Node has
 * given up on it, and handed over whole to be written when those before it are out.
 */
export class ClosingReply implements Reply {
  readonly closed = false
  bytesSent = 0
  readonly #hand: (answer: Buffer) => void
  #onClose: ((whole: boolean) => void) | undefined

  constructor(hand: (answer: Buffer) => void) {
    this.#hand = hand
  }

  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void {
    const fields = toWireHeaders(status, headers, lengthOf(status, 'GET', bytes))
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
    for (let index = 0; index < fields.length; index += 2) {
      head += `${fields[index]}: ${(fields[index + 1] as string).replace(/[\r\n\0]/g, ' ')}\r\n`
    }
    const body = bytes ?? Buffer.alloc(0)
    this.bytesSent = body.length
    this.#hand(Buffer.concat([Buffer.from(`${head}connection: close\r\n\r\n`, 'latin1'), body]))
    this.#onClose?.(true)
  }

  onClose(callback: (whole: boolean) => void): void {
    this.#onClose = callback
  }

  // Only a problem is ever the answer here, and a problem is sent whole.
  head(status: number, headers: readonly string[]): void {
    this.send(status, headers, undefined)
  }

  write(): boolean {
    return true
  }

  end(): void {}

  abort(): void {}

  onDrain(): void {}
}
