import { defineProblem, type Problem } from '@gateward/kernel'
import type { HeaderList } from '../../exchange/header-list.ts'

/**
 * What is wrong with the fields of a request that is well-formed otherwise, or `undefined`. A field that may stand once
 * (RFC 9110 section 5.3) and stands twice would be read as the first by one program and as the last by another; a
 * `Connection` that names an end-to-end field asks proxies to take away what guards have decided by.
 */
export function findFieldFlaw(headers: HeaderList): Problem | undefined {
  const { flat } = headers
  let seen = 0
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] as string
    const single = singles.get(name)
    if (single !== undefined) {
      if ((seen & single) !== 0) return fieldTwice
      seen |= single
      if (name === 'content-type' && (flat[index + 1] as string).includes(',')) return typeList
    } else if (name === 'connection' && !isPlainConnection(flat[index + 1] as string)) return connectionAbuse
  }
  return undefined
}

function isPlainConnection(value: string): boolean {
  if (value === 'keep-alive' || value === 'close') return true
  return value.split(',').every((option) => connectionOptions.has(option.trim().toLowerCase()))
}

/** What `Connection` may name: what concerns one connection alone, and the empty elements of a list. */
const connectionOptions: ReadonlySet<string> = new Set([
  '',
  'close',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'trailers',
  'http2-settings',
  'proxy-connection',
])

/** Fields that may stand once, each with a bit of its own. */
const singles: ReadonlyMap<string, number> = new Map(
  [
    'authorization',
    'content-type',
    'content-location',
    'content-range',
    'date',
    'from',
    'if-modified-since',
    'if-range',
    'if-unmodified-since',
    'max-forwards',
    'origin',
    'proxy-authorization',
    'range',
    'referer',
    'user-agent',
    'access-control-request-method',
  ].map((name, place) => [name, 1 << place]),
)

const fieldTwice = defineProblem('BAD_REQUEST', 'a field that may stand once stands twice')
const typeList = defineProblem('BAD_REQUEST', 'the Content-Type is a list')
const connectionAbuse = defineProblem('BAD_REQUEST', 'Connection names a field that belongs to the whole way')
