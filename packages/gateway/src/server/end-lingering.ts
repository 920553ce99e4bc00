import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Ends an answer to a client that is still sending. It reads the answer only if the connection is not reset under it: what
 * comes is thrown away until it stops, or has been going on for too long (RFC 9112 section 9.6).
 * @param bytes the last of the body; `undefined`: there is none
 */
export function endLingering(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer | undefined,
): void {
  response.flushHeaders()
  if (bytes !== undefined) response.write(bytes)
  const end = (): void => {
    clearTimeout(quiet)
    clearTimeout(whole)
    response.end()
  }
  const quiet = setTimeout(end, quietMilliseconds)
  const whole = setTimeout(end, lingerMilliseconds)
  request.once('end', end).once('close', end).once('error', end)
  request.on('data', () => quiet.refresh())
}

const quietMilliseconds = 500
const lingerMilliseconds = 2_000
