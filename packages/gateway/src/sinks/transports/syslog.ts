import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { Fault } from '@gateward/kernel'
import type { SinkSettings } from '../settings.ts'
import type { Transport } from './transport.ts'

const deadline = 10_000

/**
 * Milliseconds that a connection must outlive what was written to it. Syslog acknowledges nothing (RFC 5425 section 4.4):
 * a receiver that is killed ends its connections at once, so what one has outlived was read.
 */
const settleTime = 1_000

/** Facility 13, "log audit", and severity 5, "notice" (RFC 5424 section 6.2.1). */
const priority = 13 * 8 + 5

/** Sends RFC 5424 messages over TLS with octet counting (RFC 5425). */
export function syslogTransport(
  settings: NonNullable<SinkSettings['syslog']>,
  host: string,
  now: () => number,
): Transport {
  const options = {
    host: settings.host,
    port: settings.port,
    ...(isIP(settings.host) === 0 ? { servername: settings.host } : {}),
    ...(settings.ca === undefined ? {} : { ca: readFileSync(settings.ca) }),
    ...(settings.cert === undefined ? {} : { cert: readFileSync(settings.cert) }),
    ...(settings.key === undefined ? {} : { key: readFileSync(settings.key) }),
  }
  let socket: TLSSocket | undefined
  const open = async (): Promise<TLSSocket> => {
    if (socket !== undefined && !socket.destroyed && socket.writable) return socket
    const fresh = connect(options)
    socket = fresh
    await settled(fresh, 'secureConnect', deadline, settings)
    // Nobody sends us anything; reading is how the end of the connection is noticed.
    fresh.resume()
    fresh.on('error', () => fresh.destroy())
    fresh.on('end', () => fresh.destroy())
    return fresh
  }
  return {
    async send(lines) {
      const current = await open()
      const messages = lines.map((line) => frame(line, host, now()))
      await written(current, messages.join(''), settings)
      await outlived(current, settings)
      return undefined
    },
    [Symbol.asyncDispose]: async () => void socket?.destroy(),
  }
}

/** `<length> <message>`; the structured data is empty, and the message is UTF-8, which its BOM says. */
function frame(line: string, host: string, now: number): string {
  const message = `<${priority}>1 ${new Date(now).toISOString()} ${host.slice(0, 255)} gateward ${process.pid} event - \ufeff${line}`
  return `${Buffer.byteLength(message)} ${message}`
}

function settled(
  socket: TLSSocket,
  event: 'secureConnect',
  patience: number,
  settings: { readonly host: string; readonly port: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (cause: unknown): void => {
    socket.destroy()
    reject(failure(settings, cause))
  }
  const timer = setTimeout(() => fail('no answer in time'), patience)
  socket.once(event, () => resolve())
  socket.once('error', fail)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.off('error', fail)
  })
}

function written(
  socket: TLSSocket,
  text: string,
  settings: { readonly host: string; readonly port: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    socket.destroy()
    reject(failure(settings, 'it reads nothing'))
  }, deadline)
  socket.write(text, (error) => {
    if (error === null || error === undefined) resolve()
    else reject(failure(settings, error))
  })
  return promise.finally(() => clearTimeout(timer))
}

async function outlived(
  socket: TLSSocket,
  settings: { readonly host: string; readonly port: number },
): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, settleTime))
  if (socket.destroyed || !socket.writable) throw failure(settings, 'the connection broke')
}

function failure({ host, port }: { readonly host: string; readonly port: number }, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Fault('DELIVERY_FAILED', `syslog server ${host}:${port}: ${reason}`, {
    source: 'upstream',
    retryable: true,
    cause,
  })
}
