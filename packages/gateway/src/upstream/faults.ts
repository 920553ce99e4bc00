import { Fault, toFault } from '@gateward/kernel'
import { errors } from 'undici'
import type { RetryCause } from './settings.ts'

/** What went wrong with one attempt, before it is decided whether it is tried again. */
export interface Failure {
  /** The setting's word for it, where it may be tried again at all. */
  readonly cause: RetryCause | undefined
  readonly fault: Fault
  /** Whether the service is to blame, so that it counts against its health. */
  readonly blamed: boolean
}

/** 503 to the client: nothing was sent. */
export function unavailable(message: string): Fault {
  return new Fault('UPSTREAM_UNAVAILABLE', message, { source: 'upstream', retryable: true })
}

/** 504 to the client. */
export function timedOut(message: string, cause?: unknown): Fault {
  return new Fault('UPSTREAM_TIMEOUT', message, { source: 'upstream', retryable: true, cause })
}

/** 502 to the client. */
export function broken(message: string, cause?: unknown): Fault {
  return new Fault('UPSTREAM_ERROR', message, { source: 'upstream', retryable: true, cause })
}

/**
 * Reads an error of the HTTP client.
 * @param sent whether the request was on its way; before that every error is one of connecting
 */
export function toFailure(error: unknown, sent: boolean): Failure {
  const code = codeOf(error)
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return { cause: 'connect-error', blamed: true, fault: timedOut('no connection in time', error) }
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return { cause: 'timeout', blamed: true, fault: timedOut('no answer in time', error) }
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return { cause: undefined, blamed: true, fault: timedOut('the answer stopped on its way', error) }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return unsendable(error)
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_ABORTED') return clientBroke(error)
  if (!sent) return { cause: 'connect-error', blamed: true, fault: broken('no connection', error) }
  // A stale connection and a crash look the same; both may be tried again only if the method is idempotent.
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE')
    return { cause: 'reset', blamed: true, fault: broken('the connection broke', error) }
  // Errors of sockets and TLS have a code; what has none comes from the code that hears the answer.
  if (code === undefined && !(error instanceof errors.HTTPParserError))
    return { cause: undefined, blamed: false, fault: toFault(error) }
  return { cause: undefined, blamed: true, fault: broken('the answer is not HTTP', error) }
}

/** The client's body broke off, or was not as long as it said. */
export function clientBroke(error: unknown): Failure {
  const fault =
    error instanceof Fault
      ? error
      : new Fault('CLIENT_GONE', "the client's body broke off", { source: 'client', cause: error })
  return { cause: undefined, blamed: false, fault }
}

// The HTTP client refuses to write it: the gateway let something through that cannot be said in HTTP/1.1.
function unsendable(error: unknown): Failure {
  const fault = new Fault('UNSENDABLE_REQUEST', 'the request cannot be written as HTTP/1.1', {
    source: 'gateway',
    cause: error,
  })
  return { cause: undefined, blamed: false, fault }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
