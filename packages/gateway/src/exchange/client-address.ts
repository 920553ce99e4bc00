/** Where a request came from, as far as trusted proxies say. */
export interface ClientAddress {
  /** The address in its shortest standard text (RFC 5952 for IPv6, IPv4-mapped ones as IPv4). */
  readonly text: string
  /** What limits count by: the IPv4 address, or the IPv6 /64 (configurable) as `2001:db8:1:2::/64`. */
  readonly key: string
  /** The peer of the connection itself. */
  readonly peer: string
  /** Whether the peer is a trusted proxy that named another address. */
  readonly forwarded: boolean
}
