import type { Socket } from 'node:net'
import type { Connection } from './connection.ts'

/** One protocol spoken on connections that were accepted elsewhere. */
export interface ProtocolServer {
  /** Speaks on a connection from its first byte on. */
  attach(socket: Socket, connection: Connection): void
  /** Lets what is under way end, and takes nothing new: the next answers are the last of their connections. */
  drain(): void
  /** Stops its timers; the connections are already gone. */
  close(): void
}
