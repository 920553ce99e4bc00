import { isDisguisedIpv4 } from './internal-host.ts'

const place =
  /^\s{0,4}(?:url:)?https?:([/\\]{0,9})([^\s/\\?#@]{0,200}@)?(\[[\da-f:.]{2,60}\]|[\da-fx.]{7,80})(?=[:/\\?#]|\s{0,4}$)/i

/**
 * Whether an address leads to a host in numbers behind what only some readers of addresses skip: a name to log in with, slashes too few;
 * or to numbers that are an address to those alone who take them modulo 256, or to an IPv4 address inside an IPv6 one.
 */
export function hidesNumericHost(value: string): boolean {
  const [, slashes = '', user, host] = place.exec(value) ?? []
  if (host === undefined) return false
  if (host.startsWith('[')) return slashes.length !== 2 || /:\d{1,3}(?:\.\d{1,3}){3}\]$/.test(host)
  if (isOverflowing(host)) return true
  if (user === undefined && slashes.length === 2) return false
  return isDisguisedIpv4(host) || (slashes.length !== 2 && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host))
}

/** Four decimal numbers of which one fits no byte. */
function isOverflowing(host: string): boolean {
  return /^\d{3}(?:\.\d{3}){3}$/.test(host) && host.split('.').some((part) => Number(part) > 255)
}
