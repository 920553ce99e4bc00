import { randomBytes } from 'node:crypto'
import type { BodySchema } from '@gateward/openapi'
import { readJsonLines } from '../exchange/json-lines.ts'
import { readJson, type JsonLimits } from '../exchange/strict-json.ts'
import type { DiscoveryCount, DiscoveryStore } from '../store/discovery-store.ts'
import { readFieldName } from './detectors/detector.ts'
import { FieldTally } from './field-tally.ts'
import { toText, walkValues } from './walk-values.ts'

/** One request's parameters, or the body of one request or answer, to be looked into later. */
export interface Sample {
  readonly api: string
  readonly operation: string
  readonly way: 'request' | 'response'
  readonly content:
    | { readonly kind: 'body'; readonly bytes: Buffer; readonly schema: BodySchema }
    /** Texts by the pointer of their parameter's schema. */
    | {
        readonly kind: 'parameters'
        readonly values: readonly (readonly [place: string, name: string, text: string])[]
      }
}

/** Takes samples of traffic; it must not wait, and may leave one out. */
export interface SampleReceiver {
  offer(sample: Sample): void
}

const mostWaiting = 64
const longestBody = 256 * 1_024
const mostFields = 5_000
const flushInterval = 5_000
const limits: JsonLimits = {
  maxDepth: 64,
  maxKeys: 20_000,
  maxElements: 20_000,
  maxString: longestBody,
  maxNumber: 64,
  strict: false,
}

/**
 * Looks for personal data in samples, one at a time when nothing else is to be done, and keeps how often which kind was
 * found in which field. Values are gone as soon as they were looked at.
 */
export class Discovery implements SampleReceiver, AsyncDisposable {
  readonly #store: DiscoveryStore
  readonly #onFault: (thrown: unknown) => void
  readonly #waiting: Sample[] = []
  readonly #tallies = new Map<
    string,
    { readonly field: Omit<DiscoveryCount, 'detector' | 'count'>; readonly tally: FieldTally }
  >()
  readonly #places = new WeakMap<BodySchema, Map<string, string | undefined>>()
  readonly #key = randomBytes(32)
  readonly #timer: NodeJS.Timeout
  #turn: NodeJS.Immediate | undefined

  constructor(store: DiscoveryStore, onFault: (thrown: unknown) => void) {
    this.#store = store
    this.#onFault = onFault
    this.#timer = setInterval(() => void this.flush().catch(onFault), flushInterval).unref()
  }

  offer(sample: Sample): void {
    const { content } = sample
    if (this.#waiting.length >= mostWaiting) return
    if (content.kind === 'body' && content.bytes.length > longestBody) return
    // A copy: whoever read the body may use its bytes again.
    const kept = content.kind === 'body' ? { ...content, bytes: Buffer.from(content.bytes) } : content
    this.#waiting.push({ ...sample, content: kept })
    this.#turn ??= setImmediate(() => this.#lookAtOne())
  }

  /** Looks at all that waits, and hands what was counted to the store. */
  async flush(): Promise<void> {
    for (let sample = this.#waiting.shift(); sample !== undefined; sample = this.#waiting.shift())
      this.#look(sample)
    const counts: DiscoveryCount[] = []
    for (const { field, tally } of this.#tallies.values())
      for (const [detector, count] of tally.take()) counts.push({ ...field, detector, count })
    if (counts.length > 0) await this.#store.addBatch(counts)
  }

  /** What was counted of an API, with all that was sampled until now. */
  async list(api: string): Promise<readonly DiscoveryCount[]> {
    await this.flush()
    return this.#store.list(api)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    clearImmediate(this.#turn)
    await this.flush().catch(this.#onFault)
  }

  #lookAtOne(): void {
    const sample = this.#waiting.shift()
    this.#turn = this.#waiting.length > 0 ? setImmediate(() => this.#lookAtOne()) : undefined
    if (sample !== undefined) this.#look(sample)
  }

  // A mistake in here must be told, and must take no exchange with it.
  #look(sample: Sample): void {
    const { content } = sample
    try {
      if (content.kind === 'body') this.#lookIntoBody(sample, content)
      else
        for (const [place, name, value] of content.values) {
          const text = toText(value)
          if (text !== undefined) this.#tallyOf(sample, place)?.add(text, readFieldName(name))
        }
    } catch (thrown) {
      this.#onFault(thrown)
    }
  }

  #lookIntoBody(
    sample: Sample,
    { bytes, schema }: { readonly bytes: Buffer; readonly schema: BodySchema },
  ): void {
    const reading = schema.format === 'ndjson' ? readJsonLines(bytes, limits) : readJson(bytes, limits)
    if (reading.kind === 'refused') return
    const bodies = schema.format === 'ndjson' ? (reading.value as readonly unknown[]) : [reading.value]
    for (const body of bodies)
      walkValues(body, (pointer, name, text) => {
        const place = this.#placeOf(schema, pointer)
        if (place !== undefined) this.#tallyOf(sample, place)?.add(text, name)
      })
  }

  /** Where the contract declares a part that it does not classify. */
  #placeOf(schema: BodySchema, pointer: string): string | undefined {
    const places = this.#places.get(schema) ?? new Map<string, string | undefined>()
    this.#places.set(schema, places)
    if (places.has(pointer)) return places.get(pointer)
    const place = schema.classified?.isClassified(pointer) === true ? undefined : schema.placeOf(pointer)
    if (places.size < mostFields) places.set(pointer, place)
    return place
  }

  #tallyOf({ api, operation, way }: Sample, place: string): FieldTally | undefined {
    const key = JSON.stringify([api, operation, way, place])
    const known = this.#tallies.get(key)
    if (known !== undefined) return known.tally
    if (this.#tallies.size >= mostFields) return undefined
    const tally = new FieldTally(this.#key)
    this.#tallies.set(key, { field: { api, operation, way, place }, tally })
    return tally
  }
}
