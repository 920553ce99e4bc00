import { readRawRequest } from '@gateward/waf'
import type { Problem } from '@gateward/kernel'
import type { RawRequest } from '../exchange/open-exchange.ts'

const longestKept = 65_536

/**
 * What can be read of a message that the HTTP/1.1 parser refused, for guards that look at it before it is answered. Where whole
 * messages stand before it in the same bytes, it begins behind the last of them.
 * @param parsed how many of the bytes the parser had taken when it gave up
 */
export function readBrokenMessage(packet: Buffer, parsed: number, defect: Problem): RawRequest {
  const bytes = packet.subarray(startOf(packet, parsed)).subarray(0, longestKept)
  const { line, method, target, protocol, headers } = readRawRequest(bytes)
  return {
    method,
    target,
    rawHeaders: headers.flat(),
    protocol: 'http/1.1',
    authority: undefined,
    hasBody: false,
    defect,
    unread: { line, version: protocol },
  }
}

/** The parser stops inside the head of the broken message: the last empty line before that ended another one. */
function startOf(packet: Buffer, parsed: number): number {
  const before = packet.subarray(0, Math.max(0, parsed)).lastIndexOf('\r\n\r\n')
  return before === -1 ? 0 : before + 4
}

/** The line of a message in a version that is not spoken here. */
export function unreadOf(line: string, version: string): NonNullable<RawRequest['unread']> {
  return { line: `${line} ${version}`, version }
}

/** What Node's parser tells of a message that it refused. */
export interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}
