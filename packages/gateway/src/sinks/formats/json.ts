import type { EventWriter } from './event-writer.ts'

/** Events as Gateward has them itself. */
export const writeJson: EventWriter = (event, { uid, host }) =>
  JSON.stringify({ ...event, uid, host, time: new Date(event.time).toISOString() })
