import { defineProblem, type Problem } from '@gateward/kernel'
import type { HeaderList } from './header-list.ts'
import { toHostName } from './host-name.ts'

/** What one pass over a request's header fields finds: its framing, and the few fields that opening an exchange needs. */
export interface Framing {
  host: string
  /** `undefined`: not declared. */
  contentLength: number | undefined
  chunked: boolean
  upgrade: string | undefined
  requestId: string | undefined
  traceparent: string | undefined
  /** How many lines of cookies there are; HTTP/2 clients split them (RFC 9113 section 8.2.3). */
  cookies: number
  /** Bytes of the header section, as HTTP/1.1 would write it. */
  bytes: number
  /** Why the message has no single reading. */
  defect: Problem | undefined
}

/**
 * Reads the framing of a request (RFC 9112 sections 3.2, 6.1, 6.3). The parser refuses most contradictions before this;
 * it is checked again here because what a message means must not hang on the leniency of one parser.
 * @param authority HTTP/2's `:authority`, which stands for `Host`
 */
export function readFraming(headers: HeaderList, protocol: Protocol, authority: string | undefined): Framing {
  const framing: Framing = {
    host: '',
    contentLength: undefined,
    chunked: false,
    upgrade: undefined,
    requestId: undefined,
    traceparent: undefined,
    cookies: 0,
    bytes: 0,
    defect: undefined,
  }
  const { flat } = headers
  let authorityText = authority
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] as string
    const value = flat[index + 1] as string
    framing.bytes += name.length + value.length + 4
    switch (name.length) {
      case 4:
        if (name === 'host') authorityText = readHost(framing, value, authorityText, authority !== undefined)
        break
      case 6:
        if (name === 'cookie') framing.cookies++
        break
      case 7:
        if (name === 'upgrade') framing.upgrade = value.toLowerCase()
        break
      case 11:
        if (name === 'traceparent') framing.traceparent = framing.traceparent === undefined ? value : ''
        break
      case 12:
        if (name === 'x-request-id') framing.requestId = framing.requestId === undefined ? value : ''
        break
      case 14:
        if (name === 'content-length') readContentLength(framing, value)
        break
      case 17:
        if (name === 'transfer-encoding') readTransferEncoding(framing, value, protocol)
        break
    }
  }
  if (authorityText === undefined) framing.defect ??= hostMissing
  else framing.host = toHostName(authorityText) ?? refuseHost(framing)
  if (framing.chunked && framing.contentLength !== undefined) framing.defect = twoLengths
  return framing
}

export type Protocol = 'http/1.0' | 'http/1.1' | 'h2'

function readHost(
  framing: Framing,
  value: string,
  earlier: string | undefined,
  hasAuthority: boolean,
): string {
  if (earlier === undefined) return value
  if (!hasAuthority || value !== earlier) framing.defect ??= hasAuthority ? hostDiffers : hostTwice
  return earlier
}

function refuseHost(framing: Framing): string {
  framing.defect ??= hostMalformed
  return ''
}

function readContentLength(framing: Framing, value: string): void {
  // Fifteen digits are a thousand terabytes and still exact as a number.
  if (framing.contentLength !== undefined) framing.defect = lengthTwice
  else if (!/^[0-9]{1,15}$/.test(value)) framing.defect = lengthMalformed
  framing.contentLength = Number(value)
}

function readTransferEncoding(framing: Framing, value: string, protocol: Protocol): void {
  if (framing.chunked || value.toLowerCase() !== 'chunked') framing.defect = codingUnknown
  if (protocol !== 'http/1.1') framing.defect = codingForeign
  framing.chunked = true
}

const hostMissing = badRequest('there is no Host field')
const hostTwice = badRequest('there is more than one Host field')
const hostDiffers = badRequest('Host and :authority differ')
const hostMalformed = badRequest('the Host field is malformed')
const lengthTwice = badRequest('there is more than one Content-Length field')
const lengthMalformed = badRequest('the Content-Length is malformed')
const twoLengths = badRequest('there are both Content-Length and Transfer-Encoding')
const codingUnknown = badRequest('the Transfer-Encoding is not exactly "chunked"')
const codingForeign = badRequest('Transfer-Encoding exists in HTTP/1.1 alone')

/** A message that has no single reading. */
export function badRequest(reason: string, status?: number): Problem {
  return defineProblem('BAD_REQUEST', reason, status === undefined ? {} : { status })
}
