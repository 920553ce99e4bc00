import type { Operation, RawParameters } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import type { HeaderList } from '../../exchange/header-list.ts'
import type { Verdict } from '../guard.ts'
import type { ValidationSettings } from './settings.ts'
import { violationsProblem } from './violations-problem.ts'

/**
 * Compiles the check of path, query, header and cookie parameters; it returns a refusal, or `undefined`.
 * @param versionQuery the name by which the query may name the API's version
 */
export function compileParameterCheck(
  operation: Operation,
  settings: ValidationSettings,
  versionQuery: string | undefined,
): (exchange: Exchange) => Verdict | undefined {
  const { parameters } = operation
  const allowUnknownQuery = settings.unknownQuery === 'allow'
  const ignored = versionQuery === undefined ? [] : [versionQuery]
  const usual = { allowUnknownQuery, ignoredQuery: new Set(ignored) }
  return (exchange) => {
    if (parameters.empty && exchange.request.query === '') return undefined
    const { consumedQuery } = exchange
    const options =
      consumedQuery.length === 0
        ? usual
        : { allowUnknownQuery, ignoredQuery: new Set([...ignored, ...consumedQuery]) }
    const { violations } = parameters.read(new ReceivedParameters(exchange), options)
    if (violations.length === 0) return undefined
    return { kind: 'refuse', problem: violationsProblem(violations, settings) }
  }
}

class ReceivedParameters implements RawParameters {
  readonly path: readonly string[]
  readonly query: string
  readonly #headers: HeaderList

  constructor(exchange: Exchange) {
    this.path = exchange.pathParameters
    this.query = exchange.request.query
    this.#headers = exchange.request.headers
  }

  header(name: string): string | undefined {
    return this.#headers.getJoined(name)
  }
}
