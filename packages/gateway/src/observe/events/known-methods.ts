/**
 * Methods that are told by their names wherever events go (RFC 9110 section 9.3, RFC 5789, and QUERY): what else clients make up is without
 * end, and is told as one.
 */
export const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
])
