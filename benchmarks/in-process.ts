import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { systemClock } from '../packages/kernel/src/index.ts'
import { loadConfiguration } from '../packages/gateway/src/config/load.ts'
import { createClientAddressReader } from '../packages/gateway/src/exchange/client-address.ts'
import { HeaderList } from '../packages/gateway/src/exchange/header-list.ts'
import { createExchangeOpener } from '../packages/gateway/src/exchange/open-exchange.ts'
import type { Reply } from '../packages/gateway/src/exchange/reply.ts'
import type { RequestBodySource } from '../packages/gateway/src/exchange/request-body.ts'
import type { Guard } from '../packages/gateway/src/guards/guard.ts'
import { createApiKeyManagement } from '../packages/gateway/src/keyring/api-key-management.ts'
import { createApiKeys } from '../packages/gateway/src/keyring/create-api-keys.ts'
import { createTiers } from '../packages/gateway/src/limiter/tiers.ts'
import { longestKeyLife } from '../packages/gateway/src/open-api-keys.ts'
import { openParts } from '../packages/gateway/src/open-parts.ts'
import { createHandler } from '../packages/gateway/src/pipeline/handle.ts'
import { createRulesLoader } from '../packages/gateway/src/site/load-rules.ts'
import { createSiteHolder } from '../packages/gateway/src/site/reload.ts'
import type { Match, Plan, Site, Step } from '../packages/gateway/src/site/site.ts'
import type { Upstream, UpstreamReceiver } from '../packages/gateway/src/upstream/upstream.ts'
import type { Shot } from './load.ts'
import type { Stopwatch } from './stopwatch.ts'
import { answerBody } from './fast-answer.ts'

/** A whole gateway but for its sockets: requests are handed in as the parser would, answers are thrown away. */
export interface GatewayInProcess extends AsyncDisposable {
  /** Prepares a request; each call of what it returns is one exchange from its first byte to its record. */
  prepare(shot: Shot): () => number
  createKey(): Promise<string>
  /** Whether anybody hears of what happens: history, anomalies, alerts, sinks. */
  hearEvents(heard: boolean): void
}

/** Starts one with its own folder. With a stopwatch every guard and part is timed, which costs time itself. */
export async function startInProcess(
  folder: string,
  configuration: Readonly<Record<string, unknown>>,
  stopwatch: Stopwatch | undefined,
): Promise<GatewayInProcess> {
  const file = join(folder, 'in-process.json')
  writeFileSync(file, JSON.stringify({ ...configuration, data: join(folder, 'data') }))
  const load = () => loadConfiguration({ file, env: {} })
  const first = (await load()).configuration
  if (first === undefined) throw new Error(JSON.stringify((await load()).diagnostics))
  const stack = new AsyncDisposableStack()
  const parts = await openParts(first, stack, systemClock)
  const { clock, store, pepper, shared, observer } = parts
  const holder = stack.use(
    createSiteHolder({
      load,
      rules: createRulesLoader(),
      clock,
      services: ({ environment, anonymous, tiers }) => ({
        ...shared,
        clock,
        tiers: createTiers(tiers),
        apiKeys: createApiKeys({ store: store.apiKeys, pepper, environment, clock }),
        anonymousByDefault: anonymous,
        environment,
      }),
    }),
  )
  const { swapped, diagnostics } = await holder.reload('start')
  if (!swapped) throw new Error(JSON.stringify(diagnostics))
  const upstream = new InstantUpstream()
  const site = redirect(holder.current(), upstream, stopwatch)
  const finish = observer.exchangeFinished.bind(observer)
  if (stopwatch !== undefined)
    observer.exchangeFinished = (exchange, ending) =>
      stopwatch.time('log, record, metrics', () => finish(exchange, ending))
  const handler = createHandler({ site: () => site, observer, clock })
  const addresses = createClientAddressReader(first.trust)
  const wire = { headerBytes: 65_536, headerCount: 100, urlLength: 8_192 }
  const open = createExchangeOpener({ wire, addresses, clock: systemClock })
  const arrival = { peer: addresses.readPeer('127.0.0.1'), encrypted: false, mayBePlain: true }
  const keys = createApiKeyManagement({
    store: store.apiKeys,
    pepper,
    environment: first.environment,
    clock,
    maximumLife: longestKeyLife,
  })
  let isHeard = true
  Object.defineProperty(observer.events, 'heard', { get: () => isHeard })
  return {
    hearEvents: (heard) => void (isHeard = heard),
    async createKey() {
      const { key } = await keys.create({ consumer: 'bench', label: 'bench', life: longestKeyLife })
      return key.reveal()
    },
    prepare(shot) {
      const body = shot.body === undefined ? undefined : Buffer.from(shot.body)
      const lines = toRawHeaders(shot, body)
      const target = Buffer.from(shot.path)
      return () => {
        const rawHeaders = lines.map(toFreshText)
        const raw = {
          method: shot.method,
          target: toFreshText(target),
          rawHeaders,
          protocol: 'http/1.1' as const,
          authority: undefined,
          hasBody: undefined,
          defect: undefined,
        }
        const opening =
          stopwatch === undefined ? open(raw, arrival) : stopwatch.time('open', () => open(raw, arrival))
        const reply = new VoidReply()
        handler.handle(opening, bodySource(body), reply)
        upstream.answer()
        return reply.status
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The header lines that wrk writes. */
function toRawHeaders({ headers }: Shot, body: Buffer | undefined): readonly Buffer[] {
  const lines = ['Host', '127.0.0.1:8080', ...Object.entries(headers).flat()]
  if (body !== undefined) lines.push('Content-Length', String(body.length))
  return lines.map((text) => Buffer.from(text, 'latin1'))
}

// The parser makes new strings for every request, whose hashes nobody knows yet.
function toFreshText(bytes: Buffer): string {
  return bytes.toString('latin1')
}

function bodySource(bytes: Buffer | undefined): RequestBodySource {
  return {
    get stream() {
      return new PassThrough().end(bytes)
    },
    readWhole: (_maximum, _deadline, done) => done(undefined, bytes ?? Buffer.alloc(0)),
  }
}

class VoidReply implements Reply {
  readonly closed = false
  readonly bytesSent = 317
  status = 0
  #close: ((whole: boolean) => void) | undefined

  send(status: number): void {
    this.status = status
    this.#close?.(true)
  }

  head(status: number): void {
    this.status = status
  }

  write(): boolean {
    return true
  }

  end(): void {
    this.#close?.(true)
  }

  abort(): void {
    this.#close?.(false)
  }

  onDrain(): void {}

  onClose(callback: (whole: boolean) => void): void {
    this.#close = callback
  }
}

/** Answers what it was last asked when it is told to. */
class InstantUpstream {
  #receiver: UpstreamReceiver | undefined

  forward(_request: unknown, receiver: UpstreamReceiver) {
    this.#receiver = receiver
    return { abort: () => undefined, resume: () => undefined }
  }

  answer(): void {
    const receiver = this.#receiver
    this.#receiver = undefined
    receiver?.head(
      200,
      new HeaderList([
        'content-type',
        'application/json',
        'content-length',
        String(answerBody.length),
        'connection',
        'keep-alive',
      ]),
    )
    receiver?.data(answerBody)
    receiver?.end()
  }
}

function redirect(site: Site, upstream: InstantUpstream, stopwatch: Stopwatch | undefined): Site {
  const plans = new Map<Plan, Plan>()
  const redirected = (plan: Plan): Plan => {
    const known = plans.get(plan)
    if (known !== undefined) return known
    const steps = new Map(
      plan.steps.map((step) => [step, stopwatch === undefined ? step : timed(step, stopwatch)]),
    )
    const each = (list: readonly Step[]) => list.map((step) => steps.get(step) ?? step)
    const { destination } = plan
    const made: Plan = {
      ...plan,
      steps: each(plan.steps),
      requestSteps: each(plan.requestSteps),
      requestBodySteps: each(plan.requestBodySteps),
      responseSteps: each(plan.responseSteps),
      destination:
        destination.kind === 'upstream'
          ? { ...destination, upstream: withForward(destination.upstream, upstream) }
          : destination,
    }
    plans.set(plan, made)
    return made
  }
  return {
    ...site,
    match: (request): Match => {
      const { plan, pathParameters } = site.match(request)
      return { plan: redirected(plan), pathParameters }
    },
  }
}

function withForward(real: Upstream, instant: InstantUpstream): Upstream {
  return new Proxy(real, {
    get: (target, name) => (name === 'forward' ? instant.forward.bind(instant) : Reflect.get(target, name)),
  })
}

function timed(step: Step, stopwatch: Stopwatch): Step {
  const { guard, name } = step
  const wrapped: Guard = {}
  for (const method of ['onRequest', 'onRequestBody', 'onResponse', 'onResponseBody'] as const) {
    const call = guard[method]?.bind(guard) as ((...values: unknown[]) => never) | undefined
    if (call === undefined) continue
    const label = `${name} ${phases[method]}`
    wrapped[method] = (...values: unknown[]) => stopwatch.time(label, () => call(...values))
  }
  return { ...step, guard: wrapped }
}

const phases = {
  onRequest: 'request',
  onRequestBody: 'request body',
  onResponse: 'answer',
  onResponseBody: 'answer body',
}
