import type { GatewardEvent } from '../../observe/events/event.ts'
import type { EventWriter } from './event-writer.ts'
import type { Hole } from './hole.ts'
import { RequestTemplates } from './request-templates.ts'
import { showHoles, showValues, type Shown } from './shown.ts'
import { Template, type TextWriter } from './template.ts'

/** A format: what a line of it consists of, and how texts stand in it. */
interface Format {
  readonly pieces: (event: GatewardEvent, shown: Shown) => readonly (string | Hole)[]
  readonly writeText: TextWriter
}

/**
 * A writer of a format. Exchanges are most of all events, so what they have in common is written once, by the same words as
 * all else, and each of them fills only the holes.
 */
export function createEventWriter({ pieces, writeText }: Format): EventWriter {
  const templates = new RequestTemplates((event) => new Template(pieces(event, showHoles(event)), writeText))
  return (line, event, uid) => {
    const template = event.kind === 'request' ? templates.find(event) : undefined
    if (event.kind === 'request' && template !== undefined) template.write(line, event, uid)
    else line.text(whole(pieces(event, showValues(event, uid))))
    return true
  }
}

function whole(pieces: readonly (string | Hole)[]): string {
  return pieces.filter((piece) => typeof piece === 'string').join('')
}
