import { join } from 'node:path'
import type { Clock } from '@gateward/kernel'
import type { EventBus } from '../observe/events/event-bus.ts'
import type { EventSettings } from './settings.ts'
import { createSink } from './create-sink.ts'

export interface SinksOptions {
  readonly settings: EventSettings
  /** The data folder; each sink has a folder of its own in `queues`. */
  readonly data: string
  readonly events: EventBus
  readonly host: string
  readonly version: string
  readonly clock: Clock
  readonly onLost: (sink: string, lost: number, reason: string) => void
  readonly onChange: (sink: string, reachable: boolean, reason: string) => void
}

/** Begins to send events to every sink of the settings, those first that waited since the last stop. */
export function openSinks(options: SinksOptions): AsyncDisposable {
  const { settings, data, events, onLost, onChange, ...rest } = options
  const stack = new AsyncDisposableStack()
  for (const [name, sinkSettings] of Object.entries(settings.sinks)) {
    const sink = stack.use(
      createSink(sinkSettings, {
        ...rest,
        folder: join(data, 'queues', name),
        onLost: (lost, reason) => onLost(name, lost, reason),
        onChange: (reachable, reason) => onChange(name, reachable, reason),
      }),
    )
    stack.use(events.subscribe((batch) => sink.receive(batch)))
  }
  return stack
}
