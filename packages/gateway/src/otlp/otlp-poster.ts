import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Fault } from '@gateward/kernel'
import { LaterFault, Poster } from '../delivery/post.ts'
import { readRejected } from './protobuf/read-rejected.ts'
import type { OtlpSettings } from './settings.ts'

const compress = promisify(gzip)

/** What can be sent, and how an answer names those that it refused. */
const signals = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const

export type Signal = keyof typeof signals

/** Statuses after which the same may be sent again (OTLP 1.5, "OTLP/HTTP Response"); after all others it must not. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Sends requests of one signal: OTLP over HTTP, in JSON or in protobuf. */
export class OtlpPoster implements AsyncDisposable {
  readonly encoding: OtlpSettings['encoding']
  readonly #poster: Poster
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #compresses: boolean
  readonly #signal: Signal

  constructor(endpoint: string, settings: OtlpSettings, signal: Signal) {
    const { headers, ca, compression, encoding } = settings
    this.encoding = encoding
    this.#poster = new Poster(ca)
    this.#url = `${endpoint.replace(/\/$/, '')}/v1/${signal}`
    this.#compresses = compression === 'gzip'
    this.#signal = signal
    this.#headers = {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(this.#compresses ? { 'content-encoding': 'gzip' } : {}),
    }
  }

  /**
   * Resolves when the receiver has answered for good.
   *
   * @returns how many it refused of the `count` that `body` holds
   * @throws Fault `DELIVERY_FAILED` where the same is to be sent again
   */
  async send(body: string | Buffer, count: number): Promise<number> {
    const bytes = this.#compresses ? await compress(body) : body
    const {
      status,
      body: answer,
      bytes: raw,
      retryAfter,
    } = await this.#poster.post(this.#url, this.#headers, bytes)
    if (status >= 200 && status < 300)
      // A receiver may answer in either, whatever it was sent.
      return Math.min(
        count,
        answer.startsWith('{') ? readRejectedJson(answer, signals[this.#signal]) : readRejected(raw),
      )
    if (retryable.has(status)) throw new LaterFault(`the OTLP receiver answered ${status}`, retryAfter)
    return count
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poster[Symbol.asyncDispose]()
  }
}

/** `partial_success` of the answer; an answer that is no JSON says nothing of refusals. */
function readRejectedJson(text: string, name: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: Readonly<Record<string, unknown>> } | null
    const rejected = Number(answer?.partialSuccess?.[name] ?? 0)
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0
  } catch {
    return 0
  }
}

/** @throws Fault where something that is sent at once, and not kept, was refused */
export function assertTaken(rejected: number, signal: Signal): void {
  if (rejected > 0)
    throw new Fault('DELIVERY_FAILED', `the OTLP receiver refused ${rejected} of the ${signal}`, {
      source: 'upstream',
    })
}
