import { readFileSync } from 'node:fs'
import { Fault } from '@gateward/kernel'
import { Agent, request, type Dispatcher } from 'undici'

/** Milliseconds that one attempt may take, the whole answer included. */
const deadline = 10_000

/** Bytes of an answer that are read; of what follows nobody needs to know. */
const mostAnswer = 65_536

export interface PostAnswer {
  readonly status: number
  readonly body: string
  /** The same, before it was read as UTF-8. */
  readonly bytes: Buffer
  /** Milliseconds that the other side wants to be left alone; 0: it says nothing. */
  readonly retryAfter: number
}

/** Nothing arrived, and the other side says when to come again. */
export class LaterFault extends Fault {
  /** Milliseconds. */
  readonly after: number

  constructor(message: string, after: number) {
    super('DELIVERY_FAILED', message, { source: 'upstream', retryable: true })
    this.after = after
  }
}

/** Posts bodies to one address: TLS always verified, redirects never followed, every attempt with a deadline. */
export class Poster implements AsyncDisposable {
  readonly #agent: Agent

  /** @param ca PEM file of the authority to trust; left out: those of the system */
  constructor(ca?: string) {
    this.#agent = new Agent({
      connections: 2,
      connect: ca === undefined ? { timeout: deadline } : { timeout: deadline, ca: readFileSync(ca) },
      headersTimeout: deadline,
      bodyTimeout: deadline,
    })
  }

  /**
   * @throws Fault `DELIVERY_FAILED` where no answer came; a bad status is an answer
   */
  async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    method: Dispatcher.HttpMethod = 'POST',
  ): Promise<PostAnswer> {
    try {
      const signal = AbortSignal.timeout(deadline)
      const answer = await request(url, { method, headers, body, signal, dispatcher: this.#agent })
      const bytes = await readSome(answer.body)
      return {
        status: answer.statusCode,
        body: bytes.toString(),
        bytes,
        retryAfter: toRetryAfter(answer.headers['retry-after']),
      }
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
      // Only the host: a path may be the credential.
      throw new Fault('DELIVERY_FAILED', `${new URL(url).host} gave no answer (${code})`, {
        source: 'upstream',
        retryable: true,
        cause,
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }
}

/** Whether another attempt may help: the other side is overloaded or broken, not unwilling. */
export function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

async function readSome(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length >= mostAnswer) break
  }
  return Buffer.concat(chunks).subarray(0, mostAnswer)
}

function toRetryAfter(field: string | string[] | undefined): number {
  const seconds = Number(field)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : 0
}
