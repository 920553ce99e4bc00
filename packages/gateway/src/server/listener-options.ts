import type { Duplex } from 'node:stream'
import type { Clock } from '@gateward/kernel'
import type { TrustSettings } from '../exchange/client-address-settings.ts'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { TraceSampler } from '../exchange/trace-context.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import type { WireLimits } from '../guards/protocol/settings.ts'
import type { AlpnResponder } from './tls/acme/alpn-responder.ts'
import type { CertificateSource } from './tls/certificate-source.ts'

/** What a listener is made from. */
export interface ListenerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** `undefined`: plain HTTP/1.1. */
  readonly tls: TlsOptions | undefined
  readonly wire: WireLimits
  readonly trust: TrustSettings
  readonly clock: Clock
  /** Samples exchanges where they are traced. */
  readonly sample?: TraceSampler | undefined
  /** Called once for each request that could be read at all; `opening.defect` says where it may not be acted on. */
  handle(opening: Opening, body: RequestBodySource, reply: Reply): void
  /**
   * Called for `Upgrade: websocket` over HTTP/1.1. Either `reply` refuses it, or the socket is taken over: then the
   * answer's head is written to `socket` by the caller, and `head` holds the first bytes that came after the request.
   * Where it is left out, such a request is an ordinary one.
   */
  onUpgrade?(opening: Opening, reply: Reply, socket: Duplex, head: Buffer): void
  /** Called for what was refused before there was a request: broken messages, handshakes, limits of connections. */
  onRefusedConnection(refusal: RefusedConnection): void
}

export interface TlsOptions {
  readonly profile: 'intermediate' | 'modern'
  readonly certificates: CertificateSource
  /** Answers an authority that proves host names on this port; left out where none does. */
  readonly validations?: AlpnResponder | undefined
}

/** A connection or message that never became a request. */
export interface RefusedConnection {
  /** A stable kebab-case name, such as `malformed-message`; a label of bounded variety. */
  readonly reason: RefusalReason
  /** What the parser or the TLS library said; quotes nothing of the message. */
  readonly detail: string
  /** The peer's address; empty where it is already gone. */
  readonly address: string
}

export type RefusalReason =
  | 'malformed-message'
  | 'headers-too-large'
  | 'headers-timeout'
  | 'request-timeout'
  | 'slow-body'
  | 'slow-reader'
  | 'tls-handshake'
  | 'proxy-protocol'
  | 'too-many-connections'
  | 'too-many-connections-per-address'
  | 'too-many-pipelined'
  | 'http2-flood'
