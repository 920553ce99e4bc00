import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { TrustSettings } from './client-address-settings.ts'
import { parseForwarded } from './forwarded-field.ts'
import type { HeaderList } from './header-list.ts'

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

/** The other end of a connection, read once a connection. */
export interface Peer {
  /** The client of every request of the connection, unless the peer is trusted and names another one. */
  readonly client: ClientAddress
  /** Whether the peer is one of the trusted proxies. */
  readonly trusted: boolean
  /** Whether the peer is this machine. */
  readonly loopback: boolean
}

/** Reads who is on the other side. */
export interface ClientAddressReader {
  /** @param via the address of the connection where a PROXY protocol header named `address` */
  readPeer(address: string, via?: string): Peer
  /** The client of one request; headers are looked at only where the peer is trusted. */
  readClient(peer: Peer, headers: HeaderList): ClientAddress
  /** What a trusted peer says of the client's own connection; `undefined` where it says nothing or is not trusted. */
  readForwardedScheme(peer: Peer, headers: HeaderList): 'http' | 'https' | undefined
}

/**
 * Makes the reader of client addresses. Going from the gateway outwards, the client is the first hop that is not a trusted
 * proxy. A hop that is no address (`unknown`, `_hidden`, broken text) ends the walk, and the last address that a trusted
 * proxy vouched for stands: what lies beyond it was written by who knows whom, and a limit must still count someone.
 */
export function createClientAddressReader(settings: TrustSettings): ClientAddressReader {
  const isTrusted = createNetworkTest(settings.proxies)
  const usesForwarded = settings.header === 'forwarded'
  const known = new Map<string, ClientAddress>()

  const walk = (peer: Peer, hops: readonly (string | undefined)[]): ClientAddress => {
    let last: string | undefined
    for (let index = hops.length - 1; index >= 0; index--) {
      const address = toAddress(hops[index])
      if (address === undefined) break
      last = address
      if (!isTrusted(address)) break
    }
    if (last === undefined) return peer.client
    return { text: last, key: toKey(last, settings.ipv6Prefix), peer: peer.client.peer, forwarded: true }
  }

  return {
    readPeer(address, via) {
      const text = normalise(address) ?? ''
      const peer = via === undefined ? text : (normalise(via) ?? '')
      const client = { text, key: toKey(text, settings.ipv6Prefix), peer, forwarded: via !== undefined }
      return { client, trusted: isTrusted(text), loopback: isLoopback(text) }
    },
    readClient(peer, headers) {
      if (!peer.trusted) return peer.client
      const field = headers.getJoined(settings.header)
      if (field === undefined) return peer.client
      const key = `${peer.client.text} ${peer.client.peer} ${field}`
      const remembered = known.get(key)
      if (remembered !== undefined) return remembered
      const client = walk(peer, usesForwarded ? forwardedHops(field) : listedHops(field))
      // Many requests come from few clients; clearing now and then bounds the memory more cheaply than any order of use.
      if (known.size >= maximumKnown) known.clear()
      if (key.length <= maximumKeyLength) known.set(key, client)
      return client
    },
    readForwardedScheme(peer, headers) {
      if (!peer.trusted) return undefined
      const scheme = usesForwarded
        ? parseForwarded(headers.getJoined('forwarded') ?? '')?.at(-1)?.proto
        : headers.getJoined('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase()
      return scheme === 'http' || scheme === 'https' ? scheme : undefined
    },
  }
}

const maximumKnown = 4_096
const maximumKeyLength = 256
const maximumHops = 100

function forwardedHops(field: string): readonly (string | undefined)[] {
  return parseForwarded(field)?.map((element) => element.for) ?? []
}

function listedHops(field: string): readonly string[] {
  // Only the end of the list is walked; a list longer than this is somebody's attempt to make us work.
  return field.split(',').slice(-maximumHops)
}

/** A test of whether an address lies in one of the networks; networks are parsed once, here. */
function createNetworkTest(networks: readonly string[]): (address: string) => boolean {
  const ranges = networks.map(toRange)
  if (ranges.length === 0) return () => false
  return (address) => {
    if (isIP(address) === 0) return false
    const parsed = ipaddr.process(address)
    return ranges.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
  }
}

type Range = readonly [network: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

function toRange(network: string): Range {
  const [address, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : toSingle(network)
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96)
    return [address.toIPv4Address(), bits - 96]
  return [address, bits]
}

function toSingle(text: string): Range {
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** A hop as a proxy writes it, with or without a port and brackets. */
function toAddress(hop: string | undefined): string | undefined {
  if (hop === undefined) return undefined
  const text = hop.trim()
  const bracketed = /^\[([0-9A-Fa-f:.]{2,45})\](?::[0-9]{1,5})?$/.exec(text)
  if (bracketed !== null) return normalise(bracketed[1] as string)
  const ported = /^([0-9.]{7,15}):[0-9]{1,5}$/.exec(text)
  return normalise(ported === null ? text : (ported[1] as string))
}

/** The one text of an address, or `undefined`; a zone (`fe80::1%eth0`) is left out. */
function normalise(address: string): string | undefined {
  if (isIPv4(address)) return address
  const zone = address.indexOf('%')
  const text = zone === -1 ? address : address.slice(0, zone)
  if (isIP(text) === 0) return undefined
  const parsed = ipaddr.process(text)
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString()
}

/** What limits count an address by: itself, or the IPv6 network of `prefix` bits. */
export function toKey(address: string, prefix: number): string {
  if (!address.includes(':')) return address
  const bytes = ipaddr.parse(address).toByteArray()
  const network = new ipaddr.IPv6(bytes.map((byte, index) => byte & maskByte(prefix - index * 8)))
  return `${network.toRFC5952String()}/${prefix}`
}

function maskByte(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
