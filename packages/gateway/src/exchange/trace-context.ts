import { randomFillSync } from 'node:crypto'

/** The spans of an exchange that is traced: its own, and that of the caller. */
export interface TraceSpan {
  /** 16 hexadecimal digits, as all ids of spans. */
  readonly id: string
  /** Empty where the trace begins here. */
  readonly parent: string
}

/** What a traced exchange says of itself to the service, and its span where it is sampled. */
interface TraceOpening {
  /** Its parent id is that of the span of the call to the service, where the exchange is sampled. */
  readonly traceparent: string
  readonly span: TraceSpan | undefined
}

/** Decides for each exchange whether it is sampled; `received` is its `traceparent` field. */
export type TraceSampler = (received: string | undefined, isTrusted: boolean) => TraceOpening

export interface SamplingRules {
  /** The part of the exchanges to sample, 0 to 1, where the caller's word does not count. */
  readonly ratio: number
  /** Whose word counts (the sampled flag): nobody's, that of trusted proxies, or everybody's. */
  readonly follow: 'nobody' | 'proxies' | 'everybody'
}

/**
 * Makes a sampler. A trace that a caller began goes on under its id, whoever the caller is; but a stranger decides only
 * where `follow` says so how much is recorded here. `random` gives numbers from 0 up to 1.
 */
export function createSampler(rules: SamplingRules, random: () => number = Math.random): TraceSampler {
  const { ratio, follow } = rules
  return (received, isTrusted) => {
    const context = readTraceparent(received)
    const goesOn = received !== undefined && received.slice(3, 52) === context.slice(3, 52)
    const isHeard = goesOn && (follow === 'everybody' || (follow === 'proxies' && isTrusted))
    const isSampled = isHeard ? hasSampledFlag(context) : random() < ratio
    if (!isSampled) return { traceparent: `${context.slice(0, 53)}00`, span: undefined }
    return {
      traceparent: `${context.slice(0, 36)}${takeDigits(16)}-01`,
      span: { id: takeDigits(16), parent: goesOn ? context.slice(36, 52) : '' },
    }
  }
}

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
  const ids = takeDigits(48)
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-00`
}

/** The least bit of the flags (section 3.2.2.5.1). */
function hasSampledFlag(traceparent: string): boolean {
  return (Number.parseInt(traceparent.slice(53, 55), 16) & 1) === 1
}

const wellFormed = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(|-.{0,256})$/
const zeroTrace = '0'.repeat(32)
const zeroParent = '0'.repeat(16)

const poolLength = 48 * 128
const bytes = Buffer.alloc(poolLength / 2)
let pool = ''
let position = poolLength

// All-zero ids, which the standard forbids, would need 64 zero bits in a row: less likely than a broken machine.
function takeDigits(count: number): string {
  if (position + count > poolLength) {
    randomFillSync(bytes)
    pool = bytes.toString('hex')
    position = 0
  }
  const digits = pool.slice(position, position + count)
  position += count
  return digits
}
