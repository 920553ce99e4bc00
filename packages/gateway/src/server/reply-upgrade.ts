import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Reply } from '../exchange/reply.ts'
import { lengthOf, toWireHeaders } from './answer-headers.ts'

/**
 * The way back of a request that asked to leave HTTP (`Upgrade`, CONNECT): Node has let go of its socket, so a refusal is
 * written here by hand, and ends the connection. Whoever takes the socket over instead calls nothing but `onClose`.
 */
export class UpgradeReply implements Reply {
  bytesSent = 0
  readonly #socket: Duplex
  #headSent = false
  #closed = false
  #onClose: ((whole: boolean) => void) | undefined

  constructor(socket: Duplex) {
    this.#socket = socket
    // A reset of a connection that nobody listens to any more must not end the process.
    socket.on('error', ignore)
    socket.once('close', () => this.#close())
  }

  get closed(): boolean {
    return this.#closed
  }

  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void {
    if (this.#headSent || this.#closed) return
    this.#writeHead(status, toWireHeaders(status, headers, lengthOf(status, 'GET', bytes)))
    if (bytes !== undefined) this.write(bytes)
    this.end()
  }

  head(status: number, headers: readonly string[]): void {
    if (!this.#headSent && !this.#closed) this.#writeHead(status, toWireHeaders(status, headers, undefined))
  }

  write(chunk: Buffer): boolean {
    if (this.#closed || !this.#headSent) return true
    this.bytesSent += chunk.length
    return this.#socket.write(chunk)
  }

  end(): void {
    const socket = this.#socket
    const timer = setTimeout(() => socket.destroy(), lingerMilliseconds)
    socket.once('close', () => clearTimeout(timer))
    socket.resume()
    socket.end()
  }

  abort(): void {
    this.#socket.destroy()
  }

  onDrain(callback: () => void): void {
    this.#socket.once('drain', callback)
  }

  onClose(callback: (whole: boolean) => void): void {
    this.#onClose = callback
    if (this.#closed) this.#close()
  }

  // The answer has no length of its own where none is declared: it ends with the connection (RFC 9112 section 6.3).
  #writeHead(status: number, headers: string[]): void {
    this.#headSent = true
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
    for (let index = 0; index < headers.length; index += 2) {
      head += `${headers[index]}: ${(headers[index + 1] as string).replace(/[\r\n\0]/g, ' ')}\r\n`
    }
    this.#socket.write(`${head}connection: close\r\n\r\n`, 'latin1')
  }

  #close(): void {
    this.#closed = true
    const callback = this.#onClose
    this.#onClose = undefined
    callback?.(this.#socket.writableFinished)
  }
}

const lingerMilliseconds = 1_000

function ignore(): void {}
