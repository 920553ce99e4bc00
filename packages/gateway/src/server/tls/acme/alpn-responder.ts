import type { Socket } from 'node:net'
import { createSecureContext, createServer, type SecureContext } from 'node:tls'
import { crypto } from 'acme-client'
import type { AcmeStore } from '../../../store/acme-store.ts'
import { challengeKey } from './challenge.ts'
import { readClientHello } from './client-hello.ts'

/** Answers challenges of TLS-ALPN-01 (RFC 8737) on the port that also serves everybody else. */
export interface AlpnResponder {
  /**
   * Looks at the first flight of a connection: one of a validating authority is answered here, any other goes on to
   * `others` with nothing of it read. What sends nothing readable in time is closed.
   */
  sort(socket: Socket, others: (socket: Socket) => void): void
  close(): void
}

/** @param deadline milliseconds for the first flight */
export function createAlpnResponder(store: AcmeStore, now: () => number, deadline: number): AlpnResponder {
  const server = createServer({
    ALPNProtocols: [validation],
    minVersion: 'TLSv1.2',
    handshakeTimeout: deadline,
    SNICallback: (hostName, done) => void answer(store, hostName, now(), done),
  })
  // The handshake is the proof; nothing is ever said over the connection (RFC 8737 section 3).
  server.on('secureConnection', (socket) => socket.on('error', ignore).end())
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return {
    sort(socket, others) {
      readFirstFlight(socket, deadline, (isValidation) => {
        if (isValidation) server.emit('connection', socket)
        else others(socket)
      })
    },
    close: () => void server.close(),
  }
}

const validation = 'acme-tls/1'

async function answer(
  store: AcmeStore,
  hostName: string,
  now: number,
  done: (error: Error | null, context?: SecureContext) => void,
): Promise<void> {
  try {
    const context = await answerFor(store, hostName, now)
    done(context === undefined ? new Error('no challenge for this name') : null, context)
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
  }
}

async function answerFor(
  store: AcmeStore,
  hostName: string,
  now: number,
): Promise<SecureContext | undefined> {
  const key = challengeKey({ type: 'tls-alpn-01', hostName: hostName.toLowerCase(), token: '' })
  const keyAuthorization = await store.findChallenge(key, now)
  if (keyAuthorization === undefined) return undefined
  const authorization = { identifier: { type: 'dns', value: hostName } } as Parameters<
    typeof crypto.createAlpnCertificate
  >[0]
  const [privateKey, certificate] = await crypto.createAlpnCertificate(
    authorization,
    keyAuthorization,
    await crypto.createPrivateEcdsaKey(),
  )
  return createSecureContext({ key: privateKey, cert: certificate })
}

function readFirstFlight(socket: Socket, deadline: number, done: (isValidation: boolean) => void): void {
  let bytes: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => socket.destroy(), deadline)
  const finish = (isValidation: boolean): void => {
    clearTimeout(timer)
    socket.off('readable', onReadable).off('close', onClose)
    if (bytes.length > 0) socket.unshift(bytes)
    done(isValidation)
  }
  const onClose = (): void => clearTimeout(timer)
  const onReadable = (): void => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const hello = readClientHello(bytes)
      if (hello.kind === 'incomplete') continue
      finish(hello.kind === 'hello' && hello.protocols.length === 1 && hello.protocols[0] === validation)
      return
    }
  }
  socket.on('readable', onReadable).on('close', onClose)
}

function ignore(): void {}
