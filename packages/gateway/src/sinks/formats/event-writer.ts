import type { GatewardEvent } from '../../observe/events/event.ts'

/** What a writer adds to an event. */
interface WritingContext {
  /** Unique among all events of all gateways, so that a receiver can tell a repetition. */
  readonly uid: string
  readonly version: string
  readonly host: string
}

/** Writes an event as one line, without a line feed. */
export type EventWriter = (event: GatewardEvent, context: WritingContext) => string

/** As an `EventWriter`, for a receiver of some events; `undefined`: this one is not for it. */
export type SelectiveWriter = (event: GatewardEvent, context: WritingContext) => string | undefined
