/** Who is to blame for a fault; it decides the status the client sees. */
export type FaultSource = 'client' | 'upstream' | 'gateway'

/**
 * Something that broke, as opposed to a request that was refused: thrown once where it happens,
 * caught once in the pipeline. Its message and cause go to the log, never to the client.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  /** A stable SCREAMING_SNAKE name, such as `UPSTREAM_TIMEOUT`; the catalog in the gateway maps it to a problem. */
  readonly code: string
  readonly source: FaultSource
  /** Whether the same request may succeed if tried again. */
  readonly retryable: boolean

  constructor(
    code: string,
    message: string,
    options: { readonly source: FaultSource; readonly retryable?: boolean; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.source = options.source
    this.retryable = options.retryable ?? false
  }
}

/** Any thrown value as a fault; what is not one already is the gateway's own. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault('INTERNAL_ERROR', message, { source: 'gateway', cause: thrown })
}
