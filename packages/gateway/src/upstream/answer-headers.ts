import type { HeaderList } from '../exchange/header-list.ts'
import { hopByHop, namedByConnection } from './hop-by-hop.ts'

/**
 * Takes out of an answer what spoke of the connection to the service (RFC 9110 section 7.6.1), and `Alt-Svc`, which
 * would show clients a way around the gateway.
 */
export function removeHopByHop(headers: HeaderList): void {
  const connection = headers.getJoined('connection')
  const named = connection === undefined ? undefined : namedByConnection(connection, essential)
  headers.deleteAll(removed)
  if (named !== undefined) headers.deleteAll(named)
}

const removed: ReadonlySet<string> = new Set([...hopByHop, 'alt-svc'])

const essential: ReadonlySet<string> = new Set([
  'age',
  'allow',
  'cache-control',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'pragma',
  'referrer-policy',
  'permissions-policy',
  'retry-after',
  'set-cookie',
  'strict-transport-security',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
])
