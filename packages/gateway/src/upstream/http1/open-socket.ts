import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type SecureContext } from 'node:tls'

/** Where a target is and how its connections are made; made once for each target. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** `undefined`: plain HTTP. */
  readonly tls: EndpointTls | undefined
}

export interface EndpointTls {
  /** Certificates, key and oldest version. */
  readonly context: SecureContext
  /** The name or address that the certificate must have. */
  readonly serverName: string
  /** Whether the certificate is checked, whatever the environment says. */
  readonly verify: boolean
  /** What lets the next connection begin without a whole handshake. */
  session: Buffer | undefined
}

/**
 * Begins a connection. The socket emits `connect`, over TLS `secureConnect`, once it can be used; its deadline is the
 * caller's business.
 * @param onread where bytes go instead of into the socket's own stream
 */
export function openSocket({ host, port, tls }: Endpoint, onread: OnReadOpts | undefined): Socket {
  const place = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }
  const options = onread === undefined ? place : { ...place, onread }
  if (tls === undefined) return connectTcp(options)
  const { context, serverName, verify, session } = tls
  const socket = connectTls({
    ...options,
    secureContext: context,
    rejectUnauthorized: verify,
    ALPNProtocols: ['http/1.1'],
    // Never from the `Host` field, which the client may have written: it would choose the name that is verified.
    servername: isIP(serverName) === 0 ? serverName : '',
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    ...(session === undefined ? {} : { session }),
  })
  socket.on('session', (next) => (tls.session = next))
  return socket
}
