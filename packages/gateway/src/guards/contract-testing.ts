import type { Diagnostic } from '@gateward/kernel'
import { loadContract, type Contract, type Operation } from '@gateward/openapi'
import { openTestExchange, type TestRequest } from '../exchange/testing.ts'
import { HeaderList } from '../exchange/header-list.ts'
import type { AnsweredExchange, Exchange } from '../exchange/exchange.ts'
import type { Known } from '../exchange/principal.ts'
import type { JsonLimits } from '../exchange/strict-json.ts'
import { WholeBody } from '../exchange/whole-body.ts'
import {
  pass,
  type Guard,
  type GuardDefinition,
  type GuardServices,
  type GuardSettings,
  type Verdict,
} from './guard.ts'
import { openTestBench } from './testing.ts'

/** A request as the tests of contract-bound guards write it. */
export interface ContractRequest extends Omit<TestRequest, 'hasBody' | 'route'> {
  /** Text is sent as it stands, a value as JSON; the content type is JSON unless `headers` say otherwise. */
  readonly body?: unknown
  readonly principal?: Known
}

/** An answer of the service. */
export interface ContractAnswer {
  readonly status?: number
  /** `null`: the answer has none. */
  readonly contentType?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Text or bytes as they stand, a value as JSON; `undefined`: there is no body. */
  readonly body?: unknown
  /** The body flows past unseen. */
  readonly stream?: boolean
}

/** What a guard said, and what became of the body. */
interface Outcome {
  readonly verdict: Verdict
  /** The refusal's code; `undefined`: it passed. */
  readonly code: string | undefined
  readonly status: number | undefined
  /** The refusal's reason or the passes' notes. */
  readonly note: string
  readonly exchange: Exchange
  /** The body as it goes on. */
  readonly text: string
}

/** A guard compiled for one operation of a contract. */
interface ContractSubject {
  readonly guard: Guard
  send(request: ContractRequest): Outcome
  /** The answer to a request of the same operation, going up. */
  answer(answer: ContractAnswer, request?: ContractRequest): Outcome
}

/** A contract to compile guards for. */
export interface ContractBench {
  readonly contract: Contract
  /** What compiling guards has reported so far. */
  readonly diagnostics: Diagnostic[]
  compile<Settings extends GuardSettings>(
    definition: GuardDefinition<Settings>,
    operationId: string,
    settings?: Readonly<Record<string, unknown>>,
  ): ContractSubject
}

/** Loads a contract from its text; its mistakes fail the test. `extra` replaces services of the bench. */
export async function openContractBench(
  text: string,
  extra: Partial<GuardServices> = {},
): Promise<ContractBench> {
  const { contract, diagnostics: mistakes } = await loadContract({ text, file: 'test.openapi.yaml' })
  if (contract === undefined) throw new Error(mistakes.map((mistake) => mistake.message).join('\n'))
  const services = { ...(await readServices()), ...extra }
  const diagnostics: Diagnostic[] = []
  return {
    contract,
    diagnostics,
    compile: (definition, operationId, settings = {}) => {
      const operation = contract.operations.find(({ id }) => id === operationId)
      if (operation === undefined) throw new Error(`no operation ${operationId}`)
      const guard = definition.compile({
        settings: definition.settings.parse(settings),
        api: 'test',
        family: 'test',
        operation,
        unmatched: false,
        securitySchemes: contract.securitySchemes,
        services,
        report: (diagnostic) => void diagnostics.push(diagnostic),
      })
      return new Subject(guard ?? {}, operation)
    },
  }
}

/** A caller with a token; everything can be said otherwise. */
export function knownCaller(changes: Partial<Known> = {}): Known {
  return {
    kind: 'known',
    consumer: 'https://id.example|ada',
    label: 'ada',
    tier: undefined,
    scopes: new Set(),
    roles: new Set(),
    claims: { sub: 'ada' },
    credentials: [{ kind: 'jwt', scheme: 'token', id: 't1', display: 'token t1' }],
    ...changes,
  }
}

// The guards of contracts use no service that needs closing.
async function readServices(): Promise<GuardServices> {
  await using bench = await openTestBench()
  return bench.services
}

class Subject implements ContractSubject {
  readonly guard: Guard
  readonly #operation: Operation

  constructor(guard: Guard, operation: Operation) {
    this.guard = guard
    this.#operation = operation
  }

  send(request: ContractRequest): Outcome {
    const bytes = toBytes(request.body)
    const exchange = this.#open(request, bytes)
    const body = new WholeBody(bytes, exchange.request.headers.get('content-type'), requestLimits)
    const head = settled(this.guard.onRequest?.(exchange))
    if (head.kind !== 'pass' || request.body === undefined) return toOutcome([head], exchange, body)
    return toOutcome([head, settled(this.guard.onRequestBody?.(exchange, body))], exchange, body)
  }

  answer(answer: ContractAnswer, request: ContractRequest = {}): Outcome {
    const exchange = this.#open(request, Buffer.alloc(0)) as AnsweredExchange
    const bytes = toBytes(answer.body)
    const contentType = answer.contentType === undefined ? 'application/json' : answer.contentType
    const headers = new HeaderList(Object.entries(answer.headers ?? {}).flat())
    if (contentType !== null && answer.body !== undefined) headers.append('content-type', contentType)
    exchange.answer = {
      status: answer.status ?? 200,
      headers,
      body: bodyOf(answer, bytes),
      source: 'upstream',
    }
    const body = new WholeBody(bytes, headers.get('content-type'), answerLimits)
    const head = settled(this.guard.onResponse?.(exchange))
    if (head.kind !== 'pass' || exchange.answer.body.kind !== 'whole')
      return toOutcome([head], exchange, body)
    return toOutcome([head, settled(this.guard.onResponseBody?.(exchange, body))], exchange, body)
  }

  #open(request: ContractRequest, bytes: Buffer): Exchange {
    const { body, principal, headers, ...plain } = request
    const { id, template } = this.#operation
    const exchange = openTestExchange({
      method: this.#operation.method,
      ...plain,
      hasBody: body !== undefined,
      headers: body === undefined ? (headers ?? {}) : { 'content-type': 'application/json', ...headers },
      route: { api: 'test', family: 'test', operationId: id, template, operation: this.#operation },
    })
    if (principal !== undefined) exchange.identify(principal)
    if (bytes.length > 0 && exchange.request.headers.get('content-type') === '')
      exchange.request.headers.delete('content-type')
    return exchange
  }
}

function bodyOf(answer: ContractAnswer, bytes: Buffer): AnsweredExchange['answer']['body'] {
  if (answer.stream === true) return { kind: 'stream' }
  return answer.body === undefined ? { kind: 'none' } : { kind: 'whole', bytes }
}

function toBytes(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function settled(verdict: Verdict | Promise<Verdict> | undefined): Verdict {
  if (verdict instanceof Promise) throw new Error('a guard of contracts decides at once')
  return verdict ?? pass
}

function toOutcome(verdicts: readonly Verdict[], exchange: Exchange, body: WholeBody): Outcome {
  const verdict = verdicts.at(-1) ?? pass
  const problem = verdict.kind === 'refuse' ? verdict.problem : undefined
  const notes = verdicts.flatMap((each) =>
    each.kind === 'pass' && each.note !== undefined ? [each.note] : [],
  )
  return {
    verdict,
    code: problem?.code,
    status: problem?.status,
    note: problem?.reason ?? notes.join('; '),
    exchange,
    text: body.toBytes().toString(),
  }
}

/** The bounds within which bodies of requests are read here. */
export const requestLimits: JsonLimits = {
  maxDepth: 32,
  maxKeys: 1_000,
  maxElements: 10_000,
  maxString: 65_536,
  maxNumber: 64,
  strict: true,
}
const answerLimits: JsonLimits = { ...requestLimits, strict: false }
