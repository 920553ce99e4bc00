import { randomFillSync } from 'node:crypto'

/**
 * The `traceparent` of a request (W3C Trace Context, section 3.2): the one received where it is well-formed, else a new
 * one. Of a version this gateway does not know, the parts that version 00 defines are kept and passed on as version 00.
 */
export function readTraceparent(received: string | undefined): string {
  if (received === undefined) return createTraceparent()
  const parts = wellFormed.exec(received)
  if (parts === null) return createTraceparent()
  const [, version, traceId, parentId, flags, rest] = parts
  if (version === 'ff' || traceId === zeroTrace || parentId === zeroParent) return createTraceparent()
  if (version === '00') return rest === '' ? received : createTraceparent()
  return `00-${traceId}-${parentId}-${flags}`
}

/** A new trace, not sampled: whoever samples decides it behind the gateway. */
export function createTraceparent(): string {
  if (position === poolLength) refill()
  const traceId = pool.slice(position, position + 32)
  const parentId = pool.slice(position + 32, position + 48)
  position += 48
  return `00-${traceId}-${parentId}-00`
}

const wellFormed = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(|-.{0,256})$/
const zeroTrace = '0'.repeat(32)
const zeroParent = '0'.repeat(16)

const poolLength = 48 * 128
const bytes = Buffer.alloc(poolLength / 2)
let pool = ''
let position = poolLength

// All-zero ids, which the standard forbids, would need 64 zero bits in a row: less likely than a broken machine.
function refill(): void {
  randomFillSync(bytes)
  pool = bytes.toString('hex')
  position = 0
}
