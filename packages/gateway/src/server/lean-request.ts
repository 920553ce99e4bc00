import { IncomingMessage, type IncomingHttpHeaders } from 'node:http'

/**
 * A request that keeps its header fields as they came. Node asks its object of them for the framing alone, for every
 * request; here that object holds no more than this, so that the fields are not all put into one in vain.
 */
export class LeanRequest extends IncomingMessage {
  framing: IncomingHttpHeaders | undefined
}

Object.defineProperty(LeanRequest.prototype, 'headers', {
  get(this: LeanRequest): IncomingHttpHeaders {
    return (this.framing ??= readFraming(this.rawHeaders))
  },
})

function readFraming(raw: readonly string[]): IncomingHttpHeaders {
  const framing: IncomingHttpHeaders = {}
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    if (!framingLengths.has(name.length)) continue
    const lower = name.toLowerCase()
    if (!framingNames.has(lower)) continue
    const value = raw[index + 1] as string
    const earlier = framing[lower]
    framing[lower] = typeof earlier === 'string' ? `${earlier}, ${value}` : value
  }
  return framing
}

const framingNames: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'te',
  'transfer-encoding',
  'upgrade',
])
const framingLengths: ReadonlySet<number> = new Set(Array.from(framingNames, ({ length }) => length))
