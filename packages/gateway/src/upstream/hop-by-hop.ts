/** Fields that speak of one connection and are never passed on (RFC 9110 section 7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The fields that a `Connection` field names, lower case; `undefined` where it names none worth a look. A sender may
 * declare its own fields hop-by-hop, but not take away those that others decide by: what is in `essential`, or
 * begins like an end-to-end field of HTTP itself, stays.
 */
export function namedByConnection(
  value: string,
  essential: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  if (value === 'keep-alive' || value === 'close') return undefined
  let names: Set<string> | undefined
  for (const token of value.toLowerCase().split(',')) {
    const name = token.trim()
    if (name === '' || name === 'keep-alive' || name === 'close' || name === 'upgrade') continue
    if (hopByHop.has(name) || essential.has(name) || essentialPrefix.test(name)) continue
    names ??= new Set()
    names.add(name)
  }
  return names
}

const essentialPrefix = /^(?:content-|x-forwarded-|if-|accept|sec-|access-control-|cross-origin-)/
