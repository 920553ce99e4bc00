import type { WafRequestHead, WafResponseHead } from '@gateward/waf'
import type { Answer } from '../../exchange/answer.ts'
import type { Exchange, ReceivedRequest } from '../../exchange/exchange.ts'

const protocols = { 'http/1.0': 'HTTP/1.0', 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2' } as const

type Field = readonly [name: string, value: string]

/**
 * The head as rules see it: every line as it was received. `REQUEST_URI` and what follows from it are the canonical path, which
 * the service gets too; `REQUEST_URI_RAW` is the target byte for byte.
 */
export function toWafHead({ id, client, request }: Exchange): WafRequestHead {
  return {
    id,
    method: request.method,
    target: request.target,
    uri: uriOf(request),
    protocol: request.unread?.version ?? protocols[request.protocol],
    line: request.unread?.line,
    headers: toFields(request.headers.flat),
    clientAddress: client.text,
    // Whoever reads a body whole takes its coding off, and the rules must not take off another one.
    isBodyDecoded: true,
  }
}

function uriOf({ path, query }: ReceivedRequest): string | undefined {
  if (path === '') return undefined
  return query === '' ? path : `${path}?${query}`
}

/** The head of an answer, with the codings already off where its body is held whole. */
export function toWafResponseHead({ status, headers }: Answer): WafResponseHead {
  return { status, protocol: 'HTTP/1.1', headers: toFields(headers.flat) }
}

function toFields(flat: readonly string[]): readonly Field[] {
  const fields: Field[] = []
  for (let index = 0; index < flat.length; index += 2) {
    fields.push([flat[index] as string, flat[index + 1] as string])
  }
  return fields
}
