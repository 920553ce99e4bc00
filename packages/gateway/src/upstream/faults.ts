import { Fault, toFault } from '@gateward/kernel'
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

/** No connection came about; nothing was sent. */
export function notConnected(error: unknown): Failure {
  return { cause: 'connect-error', blamed: true, fault: broken('no connection', error) }
}

export function connectedTooLate(): Failure {
  return { cause: 'connect-error', blamed: true, fault: timedOut('no connection in time') }
}

/** A stale connection and a crash look the same; both may be tried again only if the method is idempotent. */
export function connectionBroke(error: unknown): Failure {
  return { cause: 'reset', blamed: true, fault: broken('the connection broke', error) }
}

export function answeredTooLate(): Failure {
  return { cause: 'timeout', blamed: true, fault: timedOut('no answer in time') }
}

export function stalled(): Failure {
  return { cause: undefined, blamed: true, fault: timedOut('the answer stopped on its way') }
}

/** The answer is not HTTP, or not in one reading. */
export function misread(flaw: string): Failure {
  return { cause: undefined, blamed: true, fault: broken(flaw) }
}

/** The upstream was closed under the request. */
export function disposedOf(): Failure {
  return { cause: undefined, blamed: false, fault: broken('the upstream was closed') }
}

/** Whoever heard the answer broke. */
export function thrownByListener(thrown: unknown): Failure {
  return { cause: undefined, blamed: false, fault: toFault(thrown) }
}

/** The client's body broke off, or was not as long as it said. */
export function clientBroke(error: unknown): Failure {
  const fault =
    error instanceof Fault
      ? error
      : new Fault('CLIENT_GONE', "the client's body broke off", { source: 'client', cause: error })
  return { cause: undefined, blamed: false, fault }
}

/** The gateway let something through that cannot be said in HTTP/1.1. */
export function unsendable(): Failure {
  const fault = new Fault('UNSENDABLE_REQUEST', 'the request cannot be written as HTTP/1.1', {
    source: 'gateway',
  })
  return { cause: undefined, blamed: false, fault }
}
