/** Methods of which several requests have the effect of one (RFC 9110 section 9.2.2, and QUERY). */
export const idempotentMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'QUERY',
])
