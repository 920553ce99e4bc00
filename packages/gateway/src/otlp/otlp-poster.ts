import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Fault } from '@gateward/kernel'
import { LaterFault, Poster } from '../delivery/post.ts'
import type { Refusal } from '../sinks/transports/transport.ts'
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
   * @returns what it refused of the `count` that `body` holds; `undefined`: nothing
   * @throws Fault `DELIVERY_FAILED` where the same is to be sent again
   */
  async send(body: string | Buffer, count: number): Promise<Refusal | undefined> {
    const bytes = this.#compresses ? await compress(body) : body
    const {
      status,
      body: answer,
      bytes: raw,
      retryAfter,
    } = await this.#poster.post(this.#url, this.#headers, bytes)
    const reason = `the OTLP receiver answered ${status}`
    if (retryable.has(status)) throw new LaterFault(reason, retryAfter)
    if (status < 200 || status >= 300) return { lines: count, reason }
    // A receiver may answer in either, whatever it was sent.
    const isJson = answer.startsWith('{')
    const rejected = isJson ? readRejectedJson(answer, signals[this.#signal]) : readRejected(raw)
    return rejected === 0
      ? undefined
      : { lines: Math.min(count, rejected), reason: 'the OTLP receiver took a part of them' }
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
export function assertTaken(refusal: Refusal | undefined, signal: Signal): void {
  if (refusal !== undefined)
    throw new Fault('DELIVERY_FAILED', `${signal}: ${refusal.reason}`, { source: 'upstream' })
}
