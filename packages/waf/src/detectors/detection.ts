import type { ByteString } from '../language/bytes.ts'

/** What a detector found. */
export interface Detection {
  /** The bytes that gave it away, for a log line: at most 100 characters. */
  readonly evidence: string
}

/** Decides whether a value is an attack of one kind. Total on any bytes, and linear in their number. */
export type Detector = (value: ByteString) => Detection | undefined

const longestEvidence = 100

/** A detection whose evidence is the value from `start`, as far as a log line carries it. */
export function detectionAt(value: string, start: number, end = value.length): Detection {
  return { evidence: value.slice(start, Math.min(end, start + longestEvidence)) }
}
