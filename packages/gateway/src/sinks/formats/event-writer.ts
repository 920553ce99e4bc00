import type { GatewardEvent } from '../../observe/events/event.ts'
import type { LineWriter } from '../../observe/line-writer.ts'

/** Who writes; it stands in every event. */
export interface WritingContext {
  readonly version: string
  readonly host: string
}

/**
 * Writes an event into a line, without a line feed; false: this one is not for the receiver, and nothing was written.
 * `uid` is unique among all events of all gateways, so that a receiver can tell a repetition.
 */
export type EventWriter = (line: LineWriter, event: GatewardEvent, uid: string) => boolean
