import type { Socket } from 'node:net'
import type { Opening } from '../exchange/exchange.ts'
import type { Arrival, RawRequest } from '../exchange/open-exchange.ts'
import type { Patience } from '../exchange/patience.ts'
import type { Connection } from './connection.ts'
import type { ListenerOptions, RefusalReason } from './listener-options.ts'

/** One protocol spoken on connections that were accepted elsewhere. */
export interface ProtocolServer {
  /** Speaks on a connection from its first byte on. */
  attach(socket: Socket, connection: Connection): void
  /** Lets what is under way end, and takes nothing new: the next answers are the last of their connections. */
  drain(): void
  /** Stops its timers; the connections are already gone. */
  close(): void
}

/** What a protocol's server needs of the listener. */
export interface ProtocolServerOptions extends Pick<ListenerOptions, 'wire' | 'handle' | 'onUpgrade'> {
  readonly patience: Patience
  readonly open: (request: RawRequest, arrival: Arrival) => Opening
  readonly refuse: (reason: RefusalReason, detail: string, connection: Connection) => void
}
