import type { HeaderList } from '../../exchange/header-list.ts'
import type { Patience } from '../../exchange/patience.ts'
import type { Failure } from '../faults.ts'
import type { Connection } from './connection.ts'
import type { Endpoint } from './open-socket.ts'

/** What a connection to a target is made with; durations in milliseconds. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint
  /** The target's own `Host`. */
  readonly host: string
  readonly connectTimeout: number
  readonly responseTimeout: number
  readonly idleTimeout: number
  readonly keepAlive: number
  readonly patience: Patience
}

/** Hears the answer to one request; after `ended` or `failed` nothing more comes. */
export interface AnswerListener {
  answered(status: number, headers: HeaderList): void
  /** The chunk is the listener's to keep. Returns false to be spared further data until `resume`. */
  data(chunk: Buffer): boolean
  ended(): void
  failed(failure: Failure): void
}

/** Who keeps connections. */
export interface ConnectionOwner {
  /** It can take the next request, at once. */
  freed(connection: Connection): void
  /** It is of no use any more. */
  closed(connection: Connection): void
}
