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
export const repeatingHeaders: readonly string[] = [
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-type',
  'host',
  'origin',
  'user-agent',
]

/** Whether what was found out about a value may be kept beyond its request; what people send never is. */
export function mayRemember(variable: string, key: string | undefined): boolean {
  if (nameVariables.has(variable)) return true
  return variable === 'REQUEST_HEADERS' && key !== undefined && repeatingHeaders.includes(key)
}

const longestKept = 256
const mostKept = 1_024

/** Remembers the candidates of values that repeat: at most 1,024 of 256 bytes; then it starts over. */
export class RepeatingValues {
  readonly #candidates = new Map<string, readonly number[]>()

  get(value: string): readonly number[] | undefined {
    return value.length > longestKept ? undefined : this.#candidates.get(value)
  }

  set(value: string, candidates: readonly number[]): void {
    if (value.length > longestKept) return
    if (this.#candidates.size >= mostKept) this.#candidates.clear()
    this.#candidates.set(value, candidates)
  }
}
