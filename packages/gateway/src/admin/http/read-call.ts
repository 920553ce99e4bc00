import { defineProblem, type Problem } from '@gateward/kernel'
import { Exchange, type Opening } from '../../exchange/exchange.ts'
import type { RequestBodySource } from '../../exchange/request-body.ts'
import { WholeBody } from '../../exchange/whole-body.ts'
import type { JsonLimits } from '../../exchange/strict-json.ts'
import type { Verdict } from '../../guards/guard.ts'
import { apiRoot } from '../contract/endpoints.ts'
import type { Endpoint } from './compile-endpoints.ts'

/** What a request says, checked against the contract; or why it is refused. */
export type CallReading =
  | {
      readonly kind: 'call'
      readonly path: unknown
      readonly query: unknown
      readonly body: unknown
      readonly dryRun: boolean
      /** The version that `If-Match` names, without its quotes. */
      readonly ifMatch: string | undefined
    }
  | { readonly kind: 'refused'; readonly problem: Problem }

/** Holds a request to the contract with the gateway's own validation guard, and reads what it says. */
export async function readCall(
  opening: Opening,
  source: RequestBodySource,
  { definition, checks }: Endpoint,
  pathParameters: readonly string[],
): Promise<CallReading> {
  const { operation, guard } = await checks()
  const exchange = new Exchange(opening)
  const template = apiRoot + operation.template
  exchange.route = { api: '(admin)', family: '(admin)', operationId: operation.id, template, operation }
  exchange.pathParameters = pathParameters
  const head = problemOf(await guard.onRequest?.(exchange))
  if (head !== undefined) return { kind: 'refused', problem: head }
  const { headers, query } = opening.request
  const body = await readBody(opening, source)
  if (!(body instanceof WholeBody)) return { kind: 'refused', problem: body }
  if (opening.request.hasBody) {
    const said = problemOf(await guard.onRequestBody?.(exchange, body))
    if (said !== undefined) return { kind: 'refused', problem: said }
  }
  const values = operation.parameters.read(
    { path: pathParameters, query, header: (name) => headers.getJoined(name) },
    { allowUnknownQuery: false, ignoredQuery: nothing },
  )
  const { dryRun, ...rest } = values.query
  const json = definition.body === undefined ? undefined : body.json()
  return {
    kind: 'call',
    // The guard has checked all of it; the schemas give it its type, and refuse what the guard might have let pass.
    path: definition.path?.parse(values.path),
    query: definition.query?.parse(rest),
    body: definition.body?.parse(json?.kind === 'value' ? json.value : undefined),
    dryRun: dryRun === true,
    ifMatch: readIfMatch(headers.get('if-match')),
  }
}

const nothing: ReadonlySet<string> = new Set()
const mostBytes = 1_048_576
const deadline = 10_000

const bodyLimits: JsonLimits = {
  maxDepth: 16,
  maxKeys: 1_000,
  maxElements: 10_000,
  // A configuration file is one string.
  maxString: mostBytes,
  maxNumber: 32,
  strict: true,
}

function readBody({ request }: Opening, source: RequestBodySource): Promise<WholeBody | Problem> {
  const { promise, resolve } = Promise.withResolvers<WholeBody | Problem>()
  source.readWhole(mostBytes, deadline, (problem, bytes) =>
    resolve(problem ?? new WholeBody(bytes, request.headers.get('content-type'), bodyLimits)),
  )
  return promise
}

function problemOf(verdict: Verdict | undefined): Problem | undefined {
  if (verdict === undefined || verdict.kind === 'pass') return undefined
  return verdict.kind === 'refuse'
    ? verdict.problem
    : defineProblem('INTERNAL_ERROR', 'validation answers nothing')
}

/** One strong entity tag (RFC 9110 section 13.1.1); lists, weak ones and `*` name no state that somebody saw. */
function readIfMatch(field: string | undefined): string | undefined {
  return /^"([\w.:-]{1,100})"$/.exec(field ?? '')?.[1]
}
