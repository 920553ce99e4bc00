import type { WireLimits } from '../guards/protocol/settings.ts'
import type { Connection } from './connection.ts'
import type { RefusalReason } from './listener-options.ts'
import type { Patience } from '../exchange/patience.ts'
import type { PendingReply } from './pending-reply.ts'

/** What the replies of a server share. */
export interface ReplyContext {
  readonly wire: WireLimits
  readonly patience: Patience
  /** The `Keep-Alive` field's value: how long an idle connection is kept. */
  readonly keepAlive: string
  /** The fields of this hop, as text, where the connection goes on after an answer, and where it ends with it. */
  readonly kept: string
  readonly closing: string
  /** Reports what was ended by the server. */
  readonly refuse: (reason: RefusalReason, detail: string, connection: Connection) => void
  /** Ends a connection whose request does not arrive fast enough. */
  readonly tooSlow: (connection: Connection) => void
  /** Told when an HTTP/1.1 answer is out or its client gone. */
  readonly settled: (reply: PendingReply, connection: Connection) => void
}
