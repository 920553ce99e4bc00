import type { Entry } from './entry.ts'

/** Variables whose values are names: they come from applications, not from people, and repeat from request to request. */
const nameVariables = new Set([
  'ARGS_GET_NAMES',
  'ARGS_NAMES',
  'ARGS_POST_NAMES',
  'FILES_NAMES',
  'REQUEST_COOKIES_NAMES',
  'REQUEST_HEADERS_NAMES',
  'REQUEST_METHOD',
  'REQUEST_PROTOCOL',
  'RESPONSE_HEADERS_NAMES',
])

/** Header fields that programs send alike again and again, and that hold no secret. */
const repeatingHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-type',
  'host',
  'origin',
  'user-agent',
])

const longestKept = 256
const mostKept = 2_048

/**
 * Remembers which rules values of one variable made candidates, for values that repeat. What people send (arguments, cookies,
 * credentials) is never kept beyond its request. At most 2,048 values of 256 bytes; then it starts over.
 */
export class RepeatingValues {
  readonly #candidates = new Map<string, readonly number[]>()
  readonly #isNames: boolean
  readonly #isHeaders: boolean

  constructor(variable: string) {
    this.#isNames = nameVariables.has(variable)
    this.#isHeaders = variable === 'REQUEST_HEADERS'
  }

  /** Under what an entry may be remembered; undefined where it must not be. */
  keyOf({ examined: { value }, lowerKey }: Entry): string | undefined {
    if (value.length > longestKept) return undefined
    if (this.#isNames) return value
    return this.#isHeaders && repeatingHeaders.has(lowerKey) ? `${lowerKey}:${value}` : undefined
  }

  get(key: string): readonly number[] | undefined {
    return this.#candidates.get(key)
  }

  set(key: string, candidates: readonly number[]): void {
    if (this.#candidates.size >= mostKept) this.#candidates.clear()
    this.#candidates.set(key, candidates)
  }
}
