import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { parseIpv4 } from './internal-host.ts'

const address =
  /^\s{0,4}(?:(?:url:)?(?:https?|wss?|ftp):)?[/\\]{2}(?:[^/\\?#@\s]{1,200}@)?(\[[\da-f:.]{2,45}\]|[\w.-]{1,253})(?=[:/\\?#]|$)/i

/**
 * Finds the address of a host that only a private network has: RFC 1918 and 4193, a name of one label, the names that clusters and
 * offices give. Such addresses are at home in many APIs; rules ask it about fields whose name says that the service will call them.
 */
export function detectPrivateTarget(value: ByteString): Detection | undefined {
  if (!value.includes('//') && !value.includes('\\\\')) return undefined
  const host = address.exec(value)?.[1]?.toLowerCase().replace(/\.$/, '')
  return host !== undefined && isPrivateHost(host) ? detectionAt(value, 0) : undefined
}

function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[f[cd][\da-f]{2}:/.test(host)
  if (privateName.test(host)) return true
  const number = parseIpv4(host)
  if (number === undefined) return false
  const second = Math.floor(number / 2 ** 16)
  return second >>> 8 === 10 || second === 0xc0a8 || second >>> 4 === 0xac1 || isShared(second)
}

/** 100.64.0.0/10, which carriers and clusters share (RFC 6598). */
function isShared(firstTwo: number): boolean {
  return firstTwo >= 0x6440 && firstTwo <= 0x647f
}

const privateName =
  /^(?:[a-z][a-z\d-]{0,62}|(?:[\w-]{1,63}\.){1,6}(?:internal|intranet|local|localdomain|lan|corp|home|private|consul|svc|cluster\.local|home\.arpa))$/
