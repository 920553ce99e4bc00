import type { GatewardEvent } from '../observe/events/event.ts'
import type { EventWriter } from './formats/event-writer.ts'

/** A line as it lies in a queue, with what its receiver keeps together. */
export interface KeyedLine {
  /** `undefined`: it belongs to nothing. */
  readonly key: string | undefined
  /** Without its line feed. */
  readonly line: Buffer
}

/** Writes before each line its key, as a string of JSON and a tab: no format begins with a quotation mark. */
export function withKeys(write: EventWriter, kind: 'api' | 'consumer'): EventWriter {
  return (line, event, uid) => {
    const before = line.length
    const key = keyOf(event, kind)
    if (key !== undefined) {
      line.quoted(key)
      line.ascii('\t')
    }
    if (write(line, event, uid)) return true
    line.cutTo(before)
    return false
  }
}

/** Takes lines apart, each of which ends with a line feed; also those that were written without keys. */
export function readKeyedLines(bytes: Buffer): readonly KeyedLine[] {
  const lines: KeyedLine[] = []
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed === -1 ? bytes.length : feed
    lines.push(readKeyedLine(bytes.subarray(start, end)))
    start = end + 1
  }
  return lines
}

function readKeyedLine(line: Buffer): KeyedLine {
  const tab = line[0] === quotationMark ? line.indexOf(0x09) : -1
  if (tab === -1) return { key: undefined, line }
  return { key: JSON.parse(line.toString('utf8', 0, tab)) as string, line: line.subarray(tab + 1) }
}

const quotationMark = 0x22

function keyOf(event: GatewardEvent, kind: 'api' | 'consumer'): string | undefined {
  const about = 'request' in event ? event.request : event
  const key = kind in about ? (about as Partial<Record<typeof kind, unknown>>)[kind] : undefined
  return typeof key === 'string' && key !== '' ? key : undefined
}
