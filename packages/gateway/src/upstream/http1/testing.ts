import type { AnswerHead } from './answer-head.ts'
import { AnswerReader } from './answer-reader.ts'

/** What a reader said of some bytes. */
export interface Reading {
  readonly statuses: readonly number[]
  readonly fields: readonly string[]
  readonly body: string
  /** How often an answer ended, and whether bytes followed the last one. */
  readonly ends: number
  readonly surplus: boolean
  readonly flaw: string | undefined
}

export interface ReadingOptions {
  readonly bodiless?: boolean
  /** Whether the connection ends after the last piece. */
  readonly finish?: boolean
  /** Whether the listener asks to be spared after every part of the body. */
  readonly pausing?: boolean
}

/** Feeds pieces to a reader that expects one answer, and tells what it said, up to the first flaw. */
export function readPieces(pieces: readonly Buffer[], options: ReadingOptions = {}): Reading {
  const statuses: number[] = []
  const fields: string[] = []
  const chunks: Buffer[] = []
  let ends = 0
  let surplus = false
  const reader = new AnswerReader({
    onHead(head: AnswerHead) {
      statuses.push(head.status)
      fields.push(...head.headers.flat)
    },
    onData(bytes) {
      chunks.push(Buffer.from(bytes))
      return options.pausing !== true
    },
    onEnd(more) {
      ends++
      surplus = more
    },
  })
  reader.begin(options.bodiless === true, false)
  let flaw: string | undefined
  for (const piece of pieces) {
    flaw ??= reader.read(piece)
    while (flaw === undefined && reader.isPaused) flaw = reader.resume()
    if (flaw !== undefined || ends > 0) break
  }
  if (flaw === undefined && options.finish === true) flaw = reader.finish()
  return { statuses, fields, body: Buffer.concat(chunks).toString('latin1'), ends, surplus, flaw }
}

/** The pieces that cuts at these places make. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  const edges = [0, ...sorted, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}
