import type { UpstreamRequest } from '../upstream.ts'
import { isFieldValue, isMethod, toFieldName } from '../../exchange/field-syntax.ts'

/**
 * The head of a request as HTTP/1.1 writes it (RFC 9112 sections 2 and 3), to the empty line that ends it; `undefined`
 * where it cannot be written without saying something else: a line break in a value would begin a field of its own.
 * @param host the target's own `Host`, where the headers have none
 */
export function writeRequestHead(
  request: Pick<UpstreamRequest, 'method' | 'target' | 'headers' | 'body'>,
  host: string,
): string | undefined {
  const { method, target, headers, body } = request
  if (!isMethod(method) || !isTarget(target)) return undefined
  let fields = ''
  let ownHost = host
  let hasLength = false
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const value = headers[index + 1] as string
    if (toFieldName(name) !== name || !isFieldValue(value) || belongsToConnection(name)) return undefined
    if (name === 'host') ownHost = value
    else {
      if (name === 'content-length') hasLength = true
      fields += `${name}: ${value}\r\n`
    }
  }
  const framing = hasLength ? '' : framingOf(method, body)
  return `${method} ${target} HTTP/1.1\r\nhost: ${ownHost}\r\nconnection: keep-alive\r\n${fields}${framing}\r\n`
}

/** The head of a request that asks to switch to WebSocket (RFC 6455 section 4.1); `undefined` as above. */
export function writeUpgradeHead(target: string, headers: string[], host: string): string | undefined {
  const head = writeRequestHead({ method: 'GET', target, headers, body: undefined }, host)
  return head?.replace('\r\nconnection: keep-alive\r\n', '\r\nconnection: upgrade\r\nupgrade: websocket\r\n')
}

function framingOf(method: string, body: UpstreamRequest['body']): string {
  // Services wait for a body after these methods, unless they are told that there is none (RFC 9110 section 8.6).
  if (body === undefined) return expectsBody.has(method) ? 'content-length: 0\r\n' : ''
  return Buffer.isBuffer(body) ? `content-length: ${body.length}\r\n` : 'transfer-encoding: chunked\r\n'
}

// RFC 9112 section 3.2.1: the canonical path and the raw query hold visible ASCII alone.
function isTarget(target: string): boolean {
  return visible.test(target)
}

function belongsToConnection(name: string): boolean {
  return connectionFields.has(name)
}

const visible = /^\/[\x21-\x7e]*$/
const expectsBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** What this side of the connection writes itself, or must never say. */
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
