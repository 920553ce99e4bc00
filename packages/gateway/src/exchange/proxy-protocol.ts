import { isIP, isIPv4, isIPv6 } from 'node:net'

/** What the first bytes of a connection say under the PROXY protocol (haproxy.org, `proxy-protocol.txt`, versions 1 and 2). */
export type ProxyReading =
  /** Not whole yet; nothing so far speaks against it. */
  | { readonly kind: 'more' }
  | {
      readonly kind: 'header'
      /** Bytes of the header; what follows belongs to the client. */
      readonly length: number
      /** The client's address; `undefined` where the proxy speaks for itself (LOCAL, UNKNOWN), as in a health check. */
      readonly source: string | undefined
      /** Whether the client's own connection to the proxy was encrypted, as version 2 may say. */
      readonly secure: boolean | undefined
    }
  | { readonly kind: 'invalid'; readonly reason: string }

/** The most bytes that a header may have, its extensions included. */
export const maximumProxyHeader = 2_048

/** Reads the PROXY protocol header at the beginning of `bytes`; never throws, whatever they are. */
export function readProxyHeader(bytes: Buffer): ProxyReading {
  if (startsLike(bytes, signature)) return bytes.length < prefixLength ? more : readBinary(bytes)
  if (startsLike(bytes, introduction)) return readText(bytes)
  return invalid('the connection does not begin with a PROXY protocol header')
}

const more: ProxyReading = { kind: 'more' }
const signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
const introduction = Buffer.from('PROXY ')
const prefixLength = 16
// The longest line of version 1, two IPv6 addresses and ports, with its CR LF.
const maximumLine = 107

function startsLike(bytes: Buffer, beginning: Buffer): boolean {
  const length = Math.min(bytes.length, beginning.length)
  return bytes.compare(beginning, 0, length, 0, length) === 0
}

function readText(bytes: Buffer): ProxyReading {
  const end = bytes.subarray(0, maximumLine).indexOf('\r\n')
  if (end === -1) return bytes.length >= maximumLine ? invalid('the PROXY line is too long') : more
  const [, family, source, destination, sourcePort, destinationPort, rest] = bytes
    .toString('latin1', 0, end)
    .split(' ')
  const length = end + 2
  if (family === 'UNKNOWN') return { kind: 'header', length, source: undefined, secure: undefined }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  if (isAddress === undefined) return invalid('the PROXY line names an unknown family')
  if (source === undefined || !isAddress(source) || destination === undefined || !isAddress(destination))
    return invalid('the PROXY line has a malformed address')
  if (!isPort(sourcePort) || !isPort(destinationPort) || rest !== undefined)
    return invalid('the PROXY line has a malformed port')
  return { kind: 'header', length, source, secure: undefined }
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65_535
}

function readBinary(bytes: Buffer): ProxyReading {
  const version = (bytes[12] as number) >> 4
  const command = (bytes[12] as number) & 0x0f
  const family = (bytes[13] as number) >> 4
  const length = prefixLength + bytes.readUInt16BE(14)
  if (version !== 2 || command > 1) return invalid('the PROXY header has an unknown version or command')
  if (length > maximumProxyHeader) return invalid('the PROXY header is too long')
  if (bytes.length < length) return more
  const addressLength = addressLengths[family]
  if (addressLength === undefined) return invalid('the PROXY header names an unknown family')
  if (command === 0) return { kind: 'header', length, source: undefined, secure: undefined }
  if (length < prefixLength + addressLength) return invalid('the PROXY header is shorter than its addresses')
  const secure = readSecure(bytes.subarray(prefixLength + addressLength, length))
  return { kind: 'header', length, source: readSource(bytes, family), secure }
}

// Source and destination with their ports: unspecified, IPv4, IPv6, and UNIX sockets, whose paths say nothing of a client.
const addressLengths: readonly (number | undefined)[] = [0, 12, 36, 216]

function readSource(bytes: Buffer, family: number): string | undefined {
  if (family === 1) return bytes.subarray(16, 20).join('.')
  if (family !== 2) return undefined
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(16 + index * 2).toString(16))
  const address = groups.join(':')
  return isIP(address) === 6 ? address : undefined
}

/** PP2_TYPE_SSL (section 2.2.6): its first byte has PP2_CLIENT_SSL set where the client came over TLS. */
function readSecure(extensions: Buffer): boolean | undefined {
  for (let position = 0; position + 3 <= extensions.length;) {
    const length = extensions.readUInt16BE(position + 1)
    const end = position + 3 + length
    if (end > extensions.length) return undefined
    if (extensions[position] === 0x20 && length >= 5) return ((extensions[position + 3] as number) & 1) === 1
    position = end
  }
  return undefined
}

function invalid(reason: string): ProxyReading {
  return { kind: 'invalid', reason }
}
