import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** Whom the gateway believes about where a request came from. */
export const trustSettings = z.strictObject({
  proxies: z
    .array(
      z
        .string()
        .refine(isNetwork, { error: 'write an address or a network: 10.0.0.0/8, 192.0.2.7, fd00::/8' }),
    )
    .default([])
    .describe(
      'Addresses and networks (CIDR) of proxies whose word about the client is believed; nobody by default.',
    ),
  header: z
    .enum(['x-forwarded-for', 'forwarded'])
    .default('x-forwarded-for')
    .describe('The header field that those proxies write; the other one is not looked at.'),
  proxyProtocol: z
    .boolean()
    .default(false)
    .describe('Whether connections begin with a PROXY protocol header (v1 or v2); others are then dropped.'),
  ipv6Prefix: z
    .int()
    .min(32)
    .max(128)
    .default(64)
    .describe('The length of the IPv6 network that limits count as one client.'),
})

/** Whom the gateway believes about where a request came from. */
export type TrustSettings = z.infer<typeof trustSettings>

function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text) || ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
}
