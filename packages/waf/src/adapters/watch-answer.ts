import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { WafVerdict } from '../engine/match.ts'
import type { WafTransaction } from '../engine/transaction.ts'
import type { Waf } from '../engine/waf.ts'
import type { AdapterOptions } from './guard-transaction.ts'
import { blockedBody, defaultMaxAnswer, plainAnswer } from './guard-transaction.ts'

type Decided = (verdict: WafVerdict) => void

/**
 * Has the rules of phases 3 and 4 decide before a byte of an answer goes out. Answers of media types that the rules list are
 * held whole; all others, event streams above all, flow once their head has passed.
 */
export function watchAnswer(
  waf: Waf,
  transaction: WafTransaction,
  response: ServerResponse,
  options: AdapterOptions,
  decided: Decided,
): void {
  if (!waf.hasRules(3) && !waf.hasRules(4)) return
  new AnswerWatch(transaction, response, options.maxAnswer ?? defaultMaxAnswer, decided).begin()
}

type Callback = () => void
type Rest = readonly unknown[]

class AnswerWatch {
  readonly #transaction: WafTransaction
  readonly #response: ServerResponse
  readonly #most: number
  readonly #decided: Decided
  readonly #writeHead: ServerResponse['writeHead']
  readonly #write: ServerResponse['write']
  readonly #end: ServerResponse['end']
  readonly #flushHeaders: ServerResponse['flushHeaders']
  #state: 'before' | 'holding' | 'flowing' | 'blocked' = 'before'
  #chunks: Buffer[] = []
  #length = 0

  constructor(transaction: WafTransaction, response: ServerResponse, most: number, decided: Decided) {
    this.#transaction = transaction
    this.#response = response
    this.#most = most
    this.#decided = decided
    this.#writeHead = response.writeHead.bind(response)
    this.#write = response.write.bind(response)
    this.#end = response.end.bind(response)
    this.#flushHeaders = response.flushHeaders.bind(response)
  }

  begin(): void {
    const response = this.#response
    response.writeHead = (...given: Rest) => this.writeHead(...given)
    response.write = ((...given: Rest) => this.write(...given)) as ServerResponse['write']
    response.end = ((...given: Rest) => this.end(...given)) as ServerResponse['end']
    response.flushHeaders = () => {
      this.#decideHead()
      if (this.#state === 'flowing') this.#flushHeaders()
    }
  }

  /** The response is as it was again: Node itself calls `writeHead` of it when the first bytes go out. */
  #release(): void {
    const response = this.#response
    response.writeHead = this.#writeHead
    response.write = this.#write
    response.end = this.#end
    response.flushHeaders = this.#flushHeaders
  }

  /** Only notes the head, as `setHeader` would: it goes out once the rules have seen it. */
  writeHead(...given: Rest): ServerResponse {
    const [status, ...others] = given
    const response = this.#response
    if (this.#state !== 'before') return response
    response.statusCode = status as number
    if (typeof others[0] === 'string') response.statusMessage = others.shift() as string
    setHeaders(response, others[0])
    return response
  }

  write(...given: Rest): boolean {
    const [chunk, encoding, callback] = given
    this.#decideHead()
    if (this.#state === 'blocked') return true
    if (this.#state === 'flowing') return (this.#write as (...all: Rest) => boolean)(...given)
    this.#take(chunk, encoding)
    callAll(encoding, callback)
    return true
  }

  end(...given: Rest): ServerResponse {
    const [chunk, encoding] = given
    const response = this.#response
    this.#decideHead()
    if (this.#state === 'blocked') return response
    if (this.#state === 'holding') {
      if (typeof chunk !== 'function') this.#take(chunk, encoding)
      if ((this.#state as string) === 'holding') this.#decideBody()
      else this.#end()
      callAll(...given)
      return response
    }
    return (this.#end as (...all: Rest) => ServerResponse)(...given)
  }

  #decideHead(): void {
    if (this.#state !== 'before') return
    const response = this.#response
    const headers = Object.entries(response.getHeaders()).flatMap(([name, value]) =>
      [value].flat().map((each): readonly [string, string] => [name, String(each)]),
    )
    const { statusCode } = response
    const verdict = this.#transaction.responseHeaders({ status: statusCode, protocol: 'HTTP/1.1', headers })
    this.#decided(verdict)
    const type = String(response.getHeader('content-type') ?? '')
    if (verdict.kind === 'block') this.#block(verdict.status)
    else if (this.#transaction.wantsResponseBody(type) && !type.startsWith('text/event-stream'))
      this.#state = 'holding'
    else this.#flow()
  }

  #decideBody(): void {
    const body = Buffer.concat(this.#chunks)
    const encoding = String(this.#response.getHeader('content-encoding') ?? '')
    const plain = plainAnswer(body, encoding, this.#most)
    const verdict: WafVerdict =
      plain === undefined
        ? { kind: 'block', status: 502, ruleId: 0, score: 0 }
        : this.#transaction.responseBody(plain)
    this.#decided(verdict)
    if (verdict.kind === 'block') this.#block(verdict.status)
    else {
      this.#state = 'flowing'
      this.#release()
      this.#end(body)
    }
  }

  /** The rules are asked about the answer without its body, so that those which sum up still run. */
  #flow(): void {
    const verdict = this.#transaction.responseBody(Buffer.alloc(0))
    this.#decided(verdict)
    if (verdict.kind === 'block') this.#block(verdict.status)
    else {
      this.#state = 'flowing'
      this.#release()
    }
  }

  #take(chunk: unknown, encoding: unknown): void {
    if (chunk === undefined || chunk === null) return
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array)
    this.#chunks.push(bytes)
    this.#length += bytes.length
    if (this.#length <= this.#most) return
    const held = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#state = 'flowing'
    this.#release()
    this.#write(held)
  }

  /** Nothing of the application's answer is left in the one that goes out, and what it still writes goes nowhere. */
  #block(status: number): void {
    this.#state = 'blocked'
    this.#chunks = []
    const response = this.#response
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    const body = blockedBody(status)
    response.statusMessage = ''
    this.#writeHead(status, {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
    })
    this.#end(body)
  }
}

function setHeaders(response: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    const flat: unknown[] = headers.flat()
    for (let index = 0; index + 1 < flat.length; index += 2)
      response.appendHeader(String(flat[index]), String(flat[index + 1]))
    return
  }
  for (const [name, value] of Object.entries((headers ?? {}) as OutgoingHttpHeaders)) {
    if (value !== undefined) response.setHeader(name, value)
  }
}

function callAll(...given: Rest): void {
  const callback = given.find((each) => typeof each === 'function') as Callback | undefined
  if (callback !== undefined) queueMicrotask(callback)
}
