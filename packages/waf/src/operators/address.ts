/**
 * An IP address as a string of 16-bit units, two of IPv4 or eight of IPv6, so that addresses of a family compare like texts.
 */
export type AddressKey = string

const v4Units = 2
const v6Units = 8

/** Reads an address in dotted decimal or in any form of RFC 4291 section 2.2; undefined where it is neither. */
export function parseAddress(text: string): AddressKey | undefined {
  // No address is longer than six groups and an IPv4 address; nothing longer is worth a look.
  if (text.length > 45) return undefined
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

/** The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 section 2.5.5.2). */
export function unmappedAddress(key: AddressKey): AddressKey | undefined {
  return key.startsWith('\0\0\0\0\0\uffff') ? key.slice(6) : undefined
}

/** The first and the last address of a prefix, `10.0.0.0/8`, or of a lone address; undefined where the text is neither. */
export function parsePrefix(text: string): { low: AddressKey; high: AddressKey } | undefined {
  const slash = text.indexOf('/')
  const key = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (key === undefined) return undefined
  const width = key.length * 16
  const bits = slash < 0 ? width : parseBits(text.slice(slash + 1))
  if (bits === undefined || bits > width) return undefined
  let low = ''
  let high = ''
  for (let unit = 0; unit < key.length; unit += 1) {
    const hostBits = Math.min(16, Math.max(0, (unit + 1) * 16 - bits))
    const hosts = (1 << hostBits) - 1
    const value = key.charCodeAt(unit)
    low += String.fromCharCode(value & ~hosts)
    high += String.fromCharCode(value | hosts)
  }
  return { low, high }
}

function parseV4(text: string): AddressKey | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return undefined
  const bytes = match.slice(1).map(Number)
  // Some programs read 010 as octal, some as ten: what is ambiguous is no address.
  const isAmbiguous = match.slice(1).some((part) => part.length > 1 && part.startsWith('0'))
  if (isAmbiguous || bytes.some((byte) => byte > 255)) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return String.fromCharCode(a * 256 + b, c * 256 + d)
}

function parseV6(text: string): AddressKey | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [before = '', after] = halves
  const head = parseGroups(before, after === undefined)
  const tail = after === undefined ? '' : parseGroups(after, true)
  if (head === undefined || tail === undefined) return undefined
  const missing = v6Units - head.length - tail.length
  if (after === undefined ? missing !== 0 : missing < 1) return undefined
  return head + '\0'.repeat(missing) + tail
}

/** The units of groups between colons; the last may be an IPv4 address where the address ends with them. */
function parseGroups(text: string, isEnd: boolean): string | undefined {
  if (text === '') return ''
  const groups = text.split(':')
  let units = ''
  for (const [index, group] of groups.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(group)) {
      units += String.fromCharCode(Number.parseInt(group, 16))
      continue
    }
    const v4 = isEnd && index === groups.length - 1 ? parseV4(group) : undefined
    if (v4?.length !== v4Units) return undefined
    units += v4
  }
  return units
}

function parseBits(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined
}
