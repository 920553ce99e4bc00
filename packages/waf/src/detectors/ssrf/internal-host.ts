const metadataNames =
  /^(?:localhost\.?|localhost\.localdomain|localhost6|ip6-localhost|ip6-loopback|.*\.localhost\.?|metadata|metadata\.google\.internal\.?|metadata\.goog|instance-data(?:\.ec2\.internal)?|metadata\.tencentyun\.com|metadata\.packet\.net|metadata\.platformequinix\.com|rancher-metadata|kubernetes(?:\.default.*)?|host\.docker\.internal|gateway\.docker\.internal|.*\.(?:localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|yoogle\.com|nip\.io|sslip\.io|xip\.io)|localtest\.me|lvh\.me|spoofed\.burpcollaborator\.net|customer\d?-app-169-254-169-254\.nip\.io)$/

/** Whether a host name or address, in any spelling that a resolver takes, is this machine, its link or its cloud's metadata. */
export function isInternalHost(host: string): boolean {
  const name = host.toLowerCase()
  if (name === '') return false
  if (metadataNames.test(name)) return isWildcardOfInternal(name)
  if (startsInternal.test(name)) return true
  if (name.startsWith('[')) return isInternalIpv6(name.slice(1, name.endsWith(']') ? -1 : undefined))
  const address = parseIpv4(name.replace(/\.$/, ''))
  return address !== undefined && isInternalIpv4(address)
}

// Names that resolve to the address they begin with, or to another each time: 127.0.0.1.example, a.1u.ms.
const startsInternal =
  /^(?:make-|www\.)?(?:127[.-]0[.-]0[.-]1|169[.-]254[.-]169[.-]254)[.-][a-z]|\.(?:1u\.ms|rbndr\.us)$/

/** Services that answer with the address in their name: only those whose address is internal count. */
function isWildcardOfInternal(name: string): boolean {
  const embedded =
    /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](?:nip|sslip|xip)\.io$/.exec(name)
  if (embedded === null) return !/(?:nip|sslip|xip)\.io$/.test(name)
  const [first, second, third, fourth] = embedded.slice(1, 5).map(Number) as [number, number, number, number]
  const address = ((first * 256 + second) * 256 + third) * 256 + fourth
  return isInternalIpv4(address) || first === 10 || (first === 192 && second === 168)
}

/** Whether a host is an IPv4 address that nobody writes so who means it: hexadecimal, octal, or in fewer than four parts. */
export function isDisguisedIpv4(host: string): boolean {
  if (
    !/^(?:0x[\da-f]|\d)[\da-fx.]{6,}$/i.test(host) ||
    /^[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(host)
  )
    return false
  const address = parseIpv4(host.toLowerCase())
  return address !== undefined && address >= 2 ** 24
}

/** An IPv4 address as inet_aton reads it: one to four parts, each decimal, octal or hexadecimal. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.', 5)
  if (parts.length > 4) return undefined
  const numbers = parts.map(parsePart)
  let address = 0
  for (let at = 0; at < numbers.length; at++) {
    const part = numbers[at]
    if (part === undefined) return undefined
    const last = at === numbers.length - 1
    // The last part fills all bytes that are left. Overflowing parts are taken modulo their width, as some parsers do.
    address = last ? address + (part % 256 ** (5 - numbers.length)) : address + (part % 256) * 256 ** (3 - at)
  }
  return address
}

function parsePart(part: string): number | undefined {
  if (/^0x[\da-f]{1,16}$/.test(part)) return Number.parseInt(part.slice(-8), 16)
  if (/^0[0-7]{1,20}$/.test(part)) return Number.parseInt(part, 8)
  return /^\d{1,12}$/.test(part) ? Number.parseInt(part, 10) : undefined
}

function isInternalIpv4(address: number): boolean {
  const first = Math.floor(address / 2 ** 24)
  if (first === 0 || first === 127) return true
  const firstTwo = Math.floor(address / 2 ** 16)
  // 169.254.0.0/16; the metadata services of Alibaba and Oracle.
  return firstTwo === 169 * 256 + 254 || address === 0x646464c8 || address === 0xc00000c0
}

function isInternalIpv6(text: string): boolean {
  const address = text.replace(/%.*$/, '')
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)
  if (dotted !== null) {
    // An IPv4 address written as IPv6 is a way past lists of addresses, wherever it leads.
    if (/^(?:::|0{0,4}:0{0,4}:.{0,20}:)ffff:$/.test(dotted[1] ?? '')) return true
    const embedded = parseIpv4(dotted[2] ?? '')
    return embedded !== undefined && isInternalIpv4(embedded)
  }
  const groups = expandIpv6(address)
  if (groups === undefined) return false
  const [first = 0] = groups
  if ((first & 0xffc0) === 0xfe80 || (first === 0xfd00 && groups[1] === 0xec2)) return true
  const embeds = groups.slice(0, 5).every((group) => group === 0) || (first === 0x64 && groups[1] === 0xff9b)
  if (!embeds) return false
  const low = (groups[6] ?? 0) * 65536 + (groups[7] ?? 0)
  return isInternalIpv4(low)
}

/** The eight groups of an IPv6 address (RFC 4291, section 2.2). */
function expandIpv6(address: string): readonly number[] | undefined {
  if (!/^[\da-f:]{2,39}$/.test(address)) return undefined
  const [head = '', tail, more] = address.split('::')
  if (more !== undefined) return undefined
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - before.length - after.length
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined
  return [...before, ...Array<string>(missing).fill('0'), ...after].map((group) => Number.parseInt(group, 16))
}
