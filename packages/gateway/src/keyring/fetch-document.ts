import { Fault } from '@gateward/kernel'
import { request, type Dispatcher } from 'undici'

/** Bytes; a longer document is not read. */
export const maximumDocumentBytes = 256 * 1024

/** Milliseconds for one document, from the first packet to the last. */
const documentDeadline = 5_000

/**
 * Fetches a JSON document: https only (plain http from this machine itself), no redirect, within 5 s in all, at most
 * 256 KB.
 *
 * @throws Fault `ISSUER_UNREACHABLE`
 */
export async function fetchDocument(
  location: string,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<string> {
  const url = toTrustworthyUrl(location)
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(documentDeadline)])
    const headers = { accept: 'application/json, application/jwk-set+json' }
    const { statusCode, body } = await request(url, { dispatcher, signal, headers })
    // A body that is thrown away emits its own end as an error, which nobody else would catch.
    body.on('error', () => {})
    if (statusCode !== 200) {
      // Not read, and the connection is not kept: a redirect's body may be endless.
      body.destroy()
      throw new Error(`the answer has status ${statusCode}`)
    }
    return await readBounded(body)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw unreachable(`${url.origin}${url.pathname} cannot be fetched: ${reason}`, cause)
  }
}

/**
 * A URL that keys may come from: whoever can change what it answers can sign tokens.
 *
 * @throws Fault `ISSUER_UNREACHABLE`
 */
export function toTrustworthyUrl(location: string): URL {
  if (isTrustworthyUrl(location)) return new URL(location)
  throw unreachable(`"${location}" is not an https URL without a password`)
}

/** Whether keys may be fetched from this location: over https, or plain http from this machine itself. */
export function isTrustworthyUrl(location: string): boolean {
  const url = URL.parse(location)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  // Leaving the loop by the throw destroys the body, and with it the connection.
  for await (const chunk of body) {
    length += chunk.length
    if (length > maximumDocumentBytes)
      throw new Error(`the answer is longer than ${maximumDocumentBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function unreachable(message: string, cause?: unknown): Fault {
  return new Fault('ISSUER_UNREACHABLE', message, { source: 'gateway', retryable: true, cause })
}
