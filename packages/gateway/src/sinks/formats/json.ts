import type { LineWriter } from '../../observe/line-writer.ts'
import type { EventWriter, WritingContext } from './event-writer.ts'
import { toJsonPieces } from './json-pieces.ts'
import { createEventWriter } from './write-event.ts'

/** Events as Gateward has them itself. */
export function createOwnWriter({ host }: WritingContext): EventWriter {
  return createEventWriter({
    pieces: (event, { uid, timestamp, request }) =>
      toJsonPieces({
        ...(event.kind === 'request' ? request?.own : event),
        uid,
        host,
        time: timestamp,
      }),
    writeText: writeQuoted,
  })
}

/** Writes a text as a string of JSON. */
export function writeQuoted(line: LineWriter, text: string): void {
  line.quoted(text)
}
