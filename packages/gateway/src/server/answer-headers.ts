/**
 * The header lines of an answer as they go on the wire: without the fields that belong to a connection
 * (RFC 9110 section 7.6.1, RFC 9113 section 8.2.2), since each hop writes its own, and with the length of the body.
 * @param length of the body; `undefined`: whatever the headers say stands, but for a status that has no length at all
 */
export function toWireHeaders(
  status: number,
  headers: readonly string[],
  length: number | undefined,
): string[] {
  const wire: string[] = []
  const writesLength = length !== undefined || status === 204 || status < 200
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    if (isConnectionField(name) || (writesLength && name === 'content-length')) continue
    wire.push(name, headers[index + 1] as string)
  }
  if (length !== undefined) wire.push('content-length', String(length))
  return wire
}

/** The `content-length` that an answer declares, or -1. */
export function declaredLength(headers: readonly string[]): number {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === 'content-length') return Number(headers[index + 1])
  }
  return -1
}

/** The length to write for a body held whole; `undefined` where there may be none (RFC 9110 section 8.6). */
export function lengthOf(status: number, method: string, bytes: Buffer | undefined): number | undefined {
  if (status === 204 || status === 304 || status < 200) return undefined
  if (bytes !== undefined) return bytes.length
  return method === 'HEAD' ? undefined : 0
}

function isConnectionField(name: string): boolean {
  switch (name.length) {
    case 2:
      return name === 'te'
    case 7:
      return name === 'upgrade' || name === 'trailer'
    case 10:
      return name === 'connection' || name === 'keep-alive'
    case 16:
      return name === 'proxy-connection'
    case 17:
      return name === 'transfer-encoding'
    default:
      return false
  }
}
