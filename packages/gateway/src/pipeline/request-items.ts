import { Breather, defineProblem, Fault, type Clock } from '@gateward/kernel'
import type { BodySchema } from '@gateward/openapi'
import { Readable } from 'node:stream'
import type { Exchange, ReceivedRequest } from '../exchange/exchange.ts'
import { badRequest } from '../exchange/framing.ts'
import type { ItemsError } from '../exchange/json-items.ts'
import type { Plan } from '../site/site.ts'
import { framingOf } from './item-framing.ts'
import { ItemFlow } from './item-flow.ts'
import { ItemRefused } from './item-refused.ts'

/**
 * The schema of an item, where a request's body goes to the service item by item: JSON lines that every guard with an eye on the body
 * can look at one by one. A short body that says its length is held whole all the same, so that what is wrong with any item
 * refuses all of them; and so is one in a content coding.
 */
export function findRequestItems(plan: Plan, request: ReceivedRequest): BodySchema | undefined {
  const { contentLength, headers } = request
  if (!plan.flowsRequestItems || (contentLength !== undefined && contentLength <= longestHeld))
    return undefined
  const contentType = headers.get('content-type')
  const coding = headers.getJoined('content-encoding')?.toLowerCase()
  if (contentType === undefined || (coding !== undefined && coding !== 'identity')) return undefined
  const schema = plan.route.operation?.requestBody?.match(contentType)
  return schema?.format === 'ndjson' ? schema : undefined
}

/** Bytes; the same as of a list in an answer. */
const longestHeld = 1_048_576

/** What an upload is made of. */
export interface ItemUploadInput {
  readonly exchange: Exchange
  readonly plan: Plan
  readonly item: BodySchema
  readonly stream: Readable
  readonly clock: Clock
}

/**
 * Leads the items of a request's body down past the guards. It resolves when a first one has passed, so that until then a refusal
 * reaches nobody but the client: with the rest as a stream, which fails where an item is refused or the client breaks off; with
 * all of it, where no more came; or with `undefined` where nothing came at all.
 *
 * @throws ItemRefused
 */
export async function openItemUpload(input: ItemUploadInput): Promise<Readable | Buffer | undefined> {
  const chunks = new Chunks(input.stream, input.plan.body.maxRequest)
  const first = await chunks.next()
  if (first === undefined) return undefined
  const flow = openRequestFlow(input)
  try {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await chunks.next()) {
      const begun = await passChunk(flow, chunk)
      if (begun.length > 0) return toReadable(begun, flow, chunks)
    }
    return flow.end()
  } catch (thrown) {
    flow.tell()
    throw thrown
  }
}

function toReadable(begun: Buffer, flow: ItemFlow, chunks: Chunks): Readable {
  return Readable.from(passRest(begun, flow, chunks), { objectMode: false, highWaterMark: heldBytes })
}

/** What is ready for the service and may wait for it. */
const heldBytes = 65_536

async function* passRest(begun: Buffer, flow: ItemFlow, chunks: Chunks): AsyncGenerator<Buffer> {
  try {
    yield begun
    for (let chunk = await chunks.next(); chunk !== undefined; chunk = await chunks.next()) {
      const passed = await passChunk(flow, chunk)
      if (passed.length > 0) yield passed
    }
    const last = flow.end()
    if (last.length > 0) yield last
  } finally {
    flow.tell()
  }
}

/** Rules may take long for an item, and others have their turn between two. */
async function passChunk(flow: ItemFlow, chunk: Buffer): Promise<Buffer> {
  const breather = new Breather()
  const passed: Buffer[] = []
  for (const text of flow.split(chunk)) {
    passed.push(flow.pass(text))
    await breather.pause()
  }
  return Buffer.concat(passed)
}

function openRequestFlow({ exchange, plan, item, clock }: ItemUploadInput): ItemFlow {
  return new ItemFlow({
    exchange,
    clock,
    phase: 'request-body',
    steps: plan.requestBodySteps,
    visitorOf: ({ guard }) => guard.onRequestItems?.(exchange, item),
    framing: framingOf(exchange.request.headers.get('content-type') ?? ''),
    mostBytes: plan.body.maxItem,
    mostItems: plan.body.json.maxElements,
    json: plan.body.json,
    toProblem: ({ message, isTooLong }: ItemsError) =>
      defineProblem(isTooLong ? 'PAYLOAD_TOO_LARGE' : 'MALFORMED_BODY', `body   ${message}`),
  })
}

/** The chunks of a body within its bound; whoever takes no more of them leaves the connection as it is. */
class Chunks {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #maximum: number
  #seen = 0

  constructor(stream: Readable, maximum: number) {
    // The answer goes out on the same connection: it must not end with the body.
    this.#chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
    this.#maximum = maximum
  }

  /** `undefined` at the end. */
  async next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next().catch(brokeOff)
    if (done === true) return undefined
    this.#seen += value.length
    if (this.#seen > this.#maximum) throw tooLong
    return value
  }
}

// Whatever the connection says of it, a client that goes leaves half a body.
function brokeOff(): never {
  throw new ItemRefused(badRequest('the body broke off'))
}

const tooLong = new Fault('BODY_TOO_LARGE', 'the body grew past its limit', { source: 'client' })
