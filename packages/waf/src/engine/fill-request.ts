import type { BodyLimits } from '../bodies/body-limits.ts'
import { readCookies } from '../bodies/form/read-cookies.ts'
import { readQuery } from '../bodies/form/read-url-encoded.ts'
import { readJwt } from '../bodies/json/read-jwt.ts'
import type { ByteString } from '../language/bytes.ts'
import type { WafRequestHead, WafResponseHead } from './request-head.ts'
import { basenameOf, decodePath, uriOf } from './request-head.ts'
import type { TransactionState } from './transaction-state.ts'

/** Sets the variables that a request's head gives; answers what in it could not be read whole. */
export function fillRequestHead(
  head: WafRequestHead,
  state: TransactionState,
  limits: BodyLimits,
): string | undefined {
  const { variables } = state
  const uri = head.uri ?? uriOf(head.target)
  // A fragment never belongs on the wire, but services that do not know this look at what stands before it.
  const question = uri.indexOf('?')
  const path = question === -1 ? uri : uri.slice(0, question)
  const query = question === -1 ? '' : uri.slice(question + 1)
  variables.set('REQUEST_METHOD', head.method as ByteString)
  variables.set('REQUEST_URI', uri as ByteString)
  variables.set('REQUEST_URI_RAW', head.target as ByteString)
  const filename = decodePath(path)
  variables.set('REQUEST_FILENAME', filename as ByteString)
  variables.set('PATH_INFO', filename as ByteString)
  variables.set('REQUEST_BASENAME', basenameOf(filename) as ByteString)
  variables.set('REQUEST_PROTOCOL', head.protocol as ByteString)
  variables.set('REQUEST_LINE', (head.line ?? `${head.method} ${head.target} ${head.protocol}`) as ByteString)
  variables.set('QUERY_STRING', query as ByteString)
  fillConnection(head, state)
  const error = fillHeaders(head, state, limits)
  const reading = readQuery(query as ByteString, limits, state.sink)
  return error ?? (reading.kind === 'failed' ? reading.error : undefined)
}

/** Sets the variables that a response's head gives. */
export function fillResponseHead(head: WafResponseHead, { variables }: TransactionState): void {
  variables.set('RESPONSE_STATUS', String(head.status) as ByteString)
  variables.set('RESPONSE_PROTOCOL', head.protocol as ByteString)
  variables.set('STATUS_LINE', `${head.protocol} ${head.status}` as ByteString)
  for (const [name, value] of head.headers) {
    const { lowerKey } = variables.add('RESPONSE_HEADERS', name as ByteString, value as ByteString)
    if (lowerKey === 'content-type') {
      variables.set('RESPONSE_CONTENT_TYPE', value as ByteString)
    }
  }
}

function fillConnection(head: WafRequestHead, { variables }: TransactionState): void {
  variables.set('REMOTE_ADDR', head.clientAddress as ByteString)
  variables.set('REMOTE_HOST', head.clientAddress as ByteString)
  variables.set('UNIQUE_ID', head.id as ByteString)
  if (head.clientPort !== undefined) variables.set('REMOTE_PORT', String(head.clientPort) as ByteString)
  if (head.serverAddress !== undefined) variables.set('SERVER_ADDR', head.serverAddress as ByteString)
  if (head.serverPort !== undefined) variables.set('SERVER_PORT', String(head.serverPort) as ByteString)
}

function fillHeaders(head: WafRequestHead, state: TransactionState, limits: BodyLimits): string | undefined {
  const { variables, sink } = state
  let error: string | undefined
  for (const [name, value] of head.headers) {
    const { lowerKey } = variables.add('REQUEST_HEADERS', name as ByteString, value as ByteString)
    if (lowerKey === 'authorization') {
      variables.set('AUTH_TYPE', (value.split(' ', 1)[0] ?? '') as ByteString)
      const user = basicUser(value)
      if (user !== undefined) variables.set('REMOTE_USER', user)
      if (limits.jsonInArgumentBytes > 0) addClaims(value, state, limits)
    }
    if (lowerKey !== 'cookie') continue
    const reading = readCookies(value as ByteString, limits, sink)
    if (reading.kind === 'failed') error = reading.error
  }
  return error
}

/** Shows rules what a bearer's token says, as header fields of the names `authorization.header.kid`, `authorization.payload.sub`. */
function addClaims(authorization: string, { variables }: TransactionState, limits: BodyLimits): void {
  const start = authorization.lastIndexOf(' ') + 1
  const claims = readJwt('authorization' as ByteString, authorization.slice(start) as ByteString, limits)
  if (claims === undefined) return
  for (const [name, claim] of claims) variables.add('REQUEST_HEADERS', name, claim)
}

/** The user's name in a `Basic` authorization (RFC 7617), which nobody has checked. */
function basicUser(authorization: string): ByteString | undefined {
  const [, credentials] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization) ?? []
  if (credentials === undefined) return undefined
  const decoded = Buffer.from(credentials, 'base64').toString('latin1')
  const colon = decoded.indexOf(':')
  return colon === -1 ? undefined : (decoded.slice(0, colon) as ByteString)
}
