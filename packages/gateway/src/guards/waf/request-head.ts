import type { WafRequestHead } from '@gateward/waf'
import type { Exchange } from '../../exchange/exchange.ts'

const protocols = { 'http/1.0': 'HTTP/1.0', 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2' } as const

/**
 * The head as rules see it: every line as it was received, but for `Content-Encoding`: whoever reads a body whole takes
 * its coding off, and the rules must not take off another one.
 */
export function toWafHead({ id, client, request }: Exchange): WafRequestHead {
  const { flat } = request.headers
  const headers: (readonly [name: string, value: string])[] = []
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] as string
    if (name !== 'content-encoding') headers.push([name, flat[index + 1] as string])
  }
  return {
    id,
    method: request.method,
    target: request.query === '' ? request.path : `${request.path}?${request.query}`,
    protocol: protocols[request.protocol],
    headers,
    clientAddress: client.text,
  }
}
