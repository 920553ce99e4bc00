import ipaddr from 'ipaddr.js'

/** An address of either family as a number. */
export interface NumericAddress {
  readonly family: 4 | 6
  readonly value: bigint
}

/** A network: all addresses that share the first `prefix` bits. */
export interface Network extends NumericAddress {
  readonly prefix: number
}

/**
 * Reads an address as a number; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 address.
 * Returns `undefined` for anything but the usual text forms.
 */
export function parseAddress(text: string): NumericAddress | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return toNumeric(ipaddr.IPv4.parse(text).toByteArray())
  // `::1.2.3.4` is deprecated (RFC 4291 section 2.5.5.1), and readers differ on what it names.
  if (text.includes('%') || /^::\d+\./.test(text) || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  const plain = address.isIPv4MappedAddress() ? address.toIPv4Address() : address
  return toNumeric(plain.toByteArray())
}

/** Reads `203.0.113.7`, `10.0.0.0/8` or `2001:db8::/32`; returns what to write instead where it cannot. */
export function parseNetwork(text: string): Network | string {
  const slash = text.indexOf('/')
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === undefined) return 'write an address or network: 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32'
  const bits = address.family === 4 ? 32 : 128
  const mapped = address.family === 4 && text.includes(':')
  const prefix = slash === -1 ? bits : toPrefix(text.slice(slash + 1), mapped ? 96 : 0)
  if (prefix === undefined || prefix > bits) return `write a prefix length from 0 to ${bits} after the slash`
  const first = maskTo(address, prefix)
  if (first !== address.value)
    return `bits are set behind /${prefix}; write ${formatAddress(address.family, first)}/${prefix}`
  return { ...address, prefix }
}

/** The first `prefix` bits of an address, the others 0. */
export function maskTo({ family, value }: NumericAddress, prefix: number): bigint {
  const shift = BigInt((family === 4 ? 32 : 128) - prefix)
  return (value >> shift) << shift
}

/** The block that an address is in, as registries give them to one holder at least: `203.0.113.0/24`, `2001:db8:1::/48`. */
export function toBlock(text: string): string {
  const address = parseAddress(text)
  if (address === undefined) return text
  const prefix = address.family === 4 ? 24 : 48
  return `${formatAddress(address.family, maskTo(address, prefix))}/${prefix}`
}

function toPrefix(text: string, offset: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined
  const prefix = Number(text) - offset
  return prefix < 0 ? undefined : prefix
}

function toNumeric(bytes: readonly number[]): NumericAddress {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return { family: bytes.length === 4 ? 4 : 6, value }
}

function formatAddress(family: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: family === 4 ? 4 : 16 }, (_, index, count = family === 4 ? 4 : 16) =>
    Number((value >> BigInt((count - 1 - index) * 8)) & 255n),
  )
  return ipaddr.fromByteArray(bytes).toString()
}
